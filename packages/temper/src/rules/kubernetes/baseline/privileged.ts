import { containersOf, isUnset, podRule, setting, settingPlace, standard } from '../pod-rule.ts'

export const privileged = podRule({
  id: 'pod-privileged',
  title: 'No privileged container',
  why: 'A privileged container may do nearly everything that root may do on the node.',
  fix: 'leave out privileged; add the one capability that is needed',
  controls: standard('baseline', 'Privileged Containers'),
  level: 'error',
  *check({ pod }) {
    for (const holder of containersOf(pod)) {
      const value = setting(pod, holder, ['privileged'])
      if (isUnset(value) || value === false) continue
      yield { place: settingPlace(pod, holder, ['privileged']), found: `${holder.who} is privileged` }
    }
  },
})
