import { listAt } from '../../../model/assess/workload.ts'
import { isUnset, podRule, spanAt, standard } from '../pod-rule.ts'

const kinds: ReadonlySet<string> = new Set([
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image'],
  ...['persistentVolumeClaim', 'projected', 'secret'],
])

export const volumeTypes = podRule({
  id: 'pod-volume-types',
  title: 'Storage comes from claims',
  why: 'Volumes that name storage themselves bypass those who manage it.',
  fix: 'make a PersistentVolumeClaim',
  controls: standard('restricted', 'Volume Types'),
  level: 'error',
  *check({ pod }) {
    for (const [index, volume] of listAt(pod.value, ['spec', 'volumes']).entries()) {
      if (typeof volume !== 'object' || volume === null) continue
      for (const [kind, value] of Object.entries(volume)) {
        if (kind === 'name' || isUnset(value) || kinds.has(kind)) continue
        const place = spanAt(pod, ['spec', 'volumes', index, kind])
        yield { place, found: `a volume is a ${kind.slice(0, 60)}` }
      }
    }
  },
})
