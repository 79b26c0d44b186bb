import { containersOf, podRule, setting, settingPlace } from '../pod-rule.ts'

export const contractReadOnly = podRule({
  id: 'pod-contract-read-only',
  title: 'The root is read-only if the image says where it writes',
  why: 'An intruder cannot leave programs behind.',
  fix: 'set readOnlyRootFilesystem: true (Compose: read_only)',
  level: 'error',
  *check({ pod, contracts }) {
    for (const holder of containersOf(pod)) {
      const contract = holder.container && contracts.get(holder.container)
      if (contract?.writable === undefined) continue
      if (setting(pod, holder, ['readOnlyRootFilesystem']) !== true)
        yield {
          place: settingPlace(pod, holder, ['readOnlyRootFilesystem']),
          found: `${holder.who} has a writable root`,
        }
    }
  },
})
