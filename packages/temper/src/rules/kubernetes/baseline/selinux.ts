import { holdersOf, isUnset, podRule, setting, settingPlace, shown, standard } from '../pod-rule.ts'

const types: ReadonlySet<unknown> = new Set([
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
])

export const seLinux = podRule({
  id: 'pod-selinux',
  title: 'SELinux treats a container as a container',
  why: 'Other types, users and roles may do more on the node.',
  fix: 'leave it out',
  controls: standard('baseline', 'SELinux'),
  level: 'error',
  *check({ pod }) {
    for (const holder of holdersOf(pod))
      for (const name of ['type', 'user', 'role']) {
        const member = ['seLinuxOptions', name]
        const value = setting(pod, holder, member)
        if (isUnset(value) || value === '' || (name === 'type' && types.has(value))) continue
        yield {
          place: settingPlace(pod, holder, member),
          found: `${holder.who} has the ${name} ${shown(value)}`,
        }
      }
  },
})
