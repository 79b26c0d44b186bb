import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'

/** What a line of GnuTLS's configuration turns on again (gnutls.org, "System-wide configuration of the library"). */
const gnutls =
  /^[ \t]{0,80}(?:enabled-version[ \t]{0,80}=[ \t]{0,80}(?:ssl3\.0|tls1\.[01]|dtls1\.0)|min-verification-profile[ \t]{0,80}=[ \t]{0,80}(?:very_?weak|low|legacy)|secure-(?:hash|sig)[ \t]{0,80}=[ \t]{0,80}(?:md5|sha1|rsa-md5|rsa-sha1))/im
const policies = ['etc/crypto-policies/config', 'etc/crypto-policies/state/current'] as const

export const cryptoPolicy = imageRule({
  id: 'crypto-policy',
  title: 'The system-wide cryptography policy is not weakened',
  why: 'It applies to every program: one setting for one old server makes all connections weak.',
  fix: "set the policy to DEFAULT or stricter (update-crypto-policies), and leave the line out of GnuTLS's configuration",
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  *check({ root }) {
    const settings = root.resolve('etc/gnutls/config')
    const line = gnutls.exec(Buffer.from(settings?.content ?? []).toString())?.[0]
    if (settings !== undefined && line !== undefined)
      yield { place: nodePlace(settings), found: `GnuTLS has "${line.trim().slice(0, 200)}"` }
    for (const path of policies) {
      const node = root.resolve(path)
      const policy = Buffer.from(node?.content ?? [])
        .toString()
        .trim()
      if (node === undefined || !/^(?:LEGACY\b|[A-Z]+:(?:.*:)?SHA1(?::|$))/m.test(policy)) continue
      yield { place: nodePlace(node), found: `the policy is ${policy.slice(0, 80)}` }
      return
    }
  },
})
