import { containersOf, isUnset, podRule, setting, settingPlace, shown, standard } from '../pod-rule.ts'

export const procMountDefault = podRule({
  id: 'pod-proc-mount-default',
  title: 'Parts of /proc stay hidden, even with separate users',
  why: 'They reveal and change what belongs to the node.',
  fix: 'leave out procMount',
  controls: standard('restricted', '/proc Mount Type'),
  level: 'error',
  *check({ pod }) {
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
