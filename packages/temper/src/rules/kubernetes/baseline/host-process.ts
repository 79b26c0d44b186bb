import { holdersOf, isUnset, podRule, setting, settingPlace, standard } from '../pod-rule.ts'

export const hostProcess = podRule({
  id: 'pod-host-process',
  title: 'No process of the Windows host',
  why: 'Such a container is a process of the node, with all of its rights.',
  fix: 'leave out windowsOptions.hostProcess',
  controls: standard('baseline', 'HostProcess'),
  level: 'error',
  *check({ pod }) {
    const member = ['windowsOptions', 'hostProcess']
    for (const holder of holdersOf(pod)) {
      const value = setting(pod, holder, member)
      if (isUnset(value) || value === false) continue
      yield { place: settingPlace(pod, holder, member), found: `${holder.who} is a process of the host` }
    }
  },
})
