import { hasOwnUsers, holdersOf, podRule, setting, settingPlace, standard } from '../pod-rule.ts'

export const rootUid = podRule({
  id: 'pod-root-uid',
  title: 'Nobody is started as root',
  why: 'Root in a container is root for the kernel.',
  fix: 'name another user, or none',
  controls: standard('restricted', 'Running as Non-root user'),
  level: 'error',
  *check({ pod }) {
    if (hasOwnUsers(pod)) return
    for (const holder of holdersOf(pod))
      if (setting(pod, holder, ['runAsUser']) === 0)
        yield { place: settingPlace(pod, holder, ['runAsUser']), found: `${holder.who} is started as user 0` }
  },
})
