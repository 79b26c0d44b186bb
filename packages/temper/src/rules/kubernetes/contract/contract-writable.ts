import { listAt, type Pod, valueAt } from '../../../model/assess/workload.ts'
import { containersOf, type Holder, podRule, setting, spanAt } from '../pod-rule.ts'

export const contractWritable = podRule({
  id: 'pod-contract-writable',
  title: 'Volumes are mounted where the image writes',
  why: 'With a read-only root it fails there; without a volume its data is lost with the pod.',
  fix: 'mount a volume there',
  level: 'error',
  *check({ pod, contracts }) {
    for (const holder of containersOf(pod)) {
      const contract = holder.container && contracts.get(holder.container)
      if (contract === undefined) continue
      const mounts = mountsOf(pod, holder)
      const bare = (path: string) => !mounts.some((mount) => path === mount || path.startsWith(`${mount}/`))
      const place = spanAt(pod, [...holder.path, 'volumeMounts'])
      for (const path of contract.volumes.filter(bare))
        yield {
          place,
          level: 'warning',
          found: `${holder.who} keeps data in ${path}, where nothing is mounted`,
        }
      if (setting(pod, holder, ['readOnlyRootFilesystem']) !== true) continue
      for (const path of (contract.writable ?? []).filter(bare))
        if (!contract.volumes.includes(path) && !path.startsWith('/home/'))
          yield {
            place,
            level: 'warning',
            found: `${holder.who} writes to ${path}, where nothing is mounted`,
          }
    }
  },
})

function mountsOf({ value }: Pod, { path }: Holder): readonly string[] {
  return listAt(value, [...path, 'volumeMounts']).flatMap((mount) => {
    const at = valueAt(mount, ['mountPath'])
    return typeof at === 'string' ? [at.replace(/\/+$/, '')] : []
  })
}
