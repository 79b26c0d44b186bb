import {
  containersOf,
  effective,
  hasOwnUsers,
  podRule,
  setting,
  settingPlace,
  standard,
} from '../pod-rule.ts'

const member = ['runAsNonRoot']
const wholePod = { who: 'the pod', path: ['spec'] }

export const nonRoot = podRule({
  id: 'pod-non-root',
  title: 'Root is refused',
  why: 'Root in a container is root for the kernel.',
  fix: 'set runAsNonRoot: true (Compose: a numeric user)',
  controls: standard('restricted', 'Running as Non-root'),
  level: 'error',
  *check({ pod }) {
    if (hasOwnUsers(pod)) return
    if (setting(pod, wholePod, member) === false)
      yield { place: settingPlace(pod, wholePod, member), found: 'the pod may run as root' }
    for (const holder of containersOf(pod))
      if (effective(pod, holder, member) !== true)
        yield { place: settingPlace(pod, holder, member), found: `${holder.who} may run as root` }
  },
})
