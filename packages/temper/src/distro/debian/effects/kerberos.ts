import type { EffectContext } from '../../shared/effects/effect.ts'

const template = 'usr/share/kerberos-configs/krb5.conf.template'

/**
 * Does what the postinst of krb5-config does, which is written in Perl and cannot be followed: without a realm to put
 * in, /etc/krb5.conf is the template as it is. False when the template is not available.
 */
export function kerberosConfiguration({ stage, note }: EffectContext): boolean {
  if (stage.get('etc/krb5.conf') !== undefined) return true
  const content = stage.content(template)
  if (content === undefined) return false
  stage.put({ path: 'etc/krb5.conf', type: 'file', mode: 0o644, content })
  note('kerberos', '/etc/krb5.conf')
  return true
}
