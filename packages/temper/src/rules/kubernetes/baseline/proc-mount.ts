import {
  containersOf,
  hasOwnUsers,
  isUnset,
  podRule,
  setting,
  settingPlace,
  shown,
  standard,
} from '../pod-rule.ts'

export const procMount = podRule({
  id: 'pod-proc-mount',
  title: 'Parts of /proc stay hidden',
  why: 'They reveal and change what belongs to the node.',
  fix: 'leave out procMount, or give the pod users of its own (hostUsers: false)',
  controls: standard('baseline', '/proc Mount Type'),
  level: 'error',
  *check({ pod }) {
    if (hasOwnUsers(pod)) return
    for (const holder of containersOf(pod)) {
      const value = setting(pod, holder, ['procMount'])
      if (isUnset(value) || value === 'Default') continue
      yield {
        place: settingPlace(pod, holder, ['procMount']),
        found: `${holder.who} sees ${shown(value)} of /proc`,
      }
    }
  },
})
