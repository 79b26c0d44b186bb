import { containersOf, effective, isWindows, podRule, settingPlace, standard } from '../pod-rule.ts'

/** Profiles that filter system calls; what the pod says counts for containers that say nothing. */
const named: ReadonlySet<unknown> = new Set(['RuntimeDefault', 'Localhost'])

export const seccompRequired = podRule({
  id: 'pod-seccomp-required',
  title: 'Every container names its seccomp profile',
  why: 'Without a name the node decides, and many nodes use none.',
  fix: 'set seccompProfile: {type: RuntimeDefault}',
  controls: standard('restricted', 'Seccomp'),
  level: 'error',
  *check({ pod }) {
    if (isWindows(pod)) return
    const member = ['seccompProfile', 'type']
    for (const holder of containersOf(pod))
      if (!named.has(effective(pod, holder, member)))
        yield {
          place: settingPlace(pod, holder, ['seccompProfile']),
          found: `${holder.who} has no seccomp profile`,
        }
  },
})
