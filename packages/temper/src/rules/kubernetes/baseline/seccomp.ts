import { holdersOf, isUnset, podRule, setting, settingPlace, shown, standard } from '../pod-rule.ts'

export const seccomp = podRule({
  id: 'pod-seccomp',
  title: 'No container without a seccomp profile',
  why: 'The profile denies the container rarely used system calls, which is where kernel flaws are.',
  fix: 'leave it out, or write RuntimeDefault or Localhost',
  controls: standard('baseline', 'Seccomp'),
  level: 'error',
  *check({ pod }) {
    const member = ['seccompProfile', 'type']
    for (const holder of holdersOf(pod)) {
      const value = setting(pod, holder, member)
      if (isUnset(value) || value === 'RuntimeDefault' || value === 'Localhost') continue
      yield { place: settingPlace(pod, holder, member), found: `${holder.who} has ${shown(value)}` }
    }
  },
})
