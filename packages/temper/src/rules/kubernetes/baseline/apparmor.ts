import { scalarText } from '../../../base/json/value.ts'
import { valueAt } from '../../../model/assess/workload.ts'
import { holdersOf, isUnset, podRule, setting, settingPlace, shown, spanAt, standard } from '../pod-rule.ts'

const prefix = 'container.apparmor.security.beta.kubernetes.io/'

export const appArmor = podRule({
  id: 'pod-apparmor',
  title: 'The AppArmor profile of the runtime, or one of your own',
  why: 'The profile denies a container what no container needs.',
  fix: 'leave it out, or name a profile: RuntimeDefault or Localhost',
  controls: standard('baseline', 'AppArmor'),
  level: 'error',
  *check({ pod }) {
    const member = ['appArmorProfile', 'type']
    for (const holder of holdersOf(pod)) {
      const value = setting(pod, holder, member)
      if (isUnset(value) || value === 'RuntimeDefault' || value === 'Localhost') continue
      yield { place: settingPlace(pod, holder, member), found: `${holder.who} has ${shown(value)}` }
    }
    // How it was said before Kubernetes 1.30.
    const annotations = valueAt(pod.value, ['metadata', 'annotations']) ?? {}
    for (const [name, value] of Object.entries(annotations)) {
      if (!name.startsWith(prefix) || value === '' || value === 'runtime/default') continue
      if (scalarText(value).startsWith('localhost/')) continue
      yield {
        place: spanAt(pod, ['metadata', 'annotations', name]),
        found: `an annotation says ${shown(value)}`,
      }
    }
  },
})
