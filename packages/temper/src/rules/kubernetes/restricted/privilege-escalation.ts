import { containersOf, isWindows, podRule, setting, settingPlace, standard } from '../pod-rule.ts'

export const privilegeEscalation = podRule({
  id: 'pod-privilege-escalation',
  title: 'No program gets more rights than it was started with',
  why: 'Without this, a setuid file makes root of whoever starts it.',
  fix: 'set allowPrivilegeEscalation: false (Compose: security_opt no-new-privileges:true)',
  controls: standard('restricted', 'Privilege Escalation'),
  level: 'error',
  *check({ pod }) {
    if (isWindows(pod)) return
    const member = ['allowPrivilegeEscalation']
    for (const holder of containersOf(pod))
      if (setting(pod, holder, member) !== false)
        yield { place: settingPlace(pod, holder, member), found: `${holder.who} may gain privileges` }
  },
})
