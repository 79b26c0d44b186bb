import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'
import { nameOf, trustStoreOf } from './trusted-certificates.ts'

export const expiredCertificate = imageRule({
  id: 'expired-certificate',
  title: 'No certificate of the trust store has expired',
  why: 'It proves nothing any more. A store that has such is old, and lacks what was added and taken out since.',
  fix: 'build again with the newest ca-certificates, and take out own certificates that have expired',
  level: 'warning',
  aspect: 'patching',
  tier: 'secure',
  *check({ root, now }) {
    for (const trusted of trustStoreOf({ root }).certificates) {
      const until = Date.parse(trusted.certificate.validTo)
      if (Number.isNaN(until) || until >= now.getTime()) continue
      const day = new Date(until).toISOString().slice(0, 10)
      yield { place: nodePlace(trusted.node), found: `"${nameOf(trusted)}" expired on ${day}` }
    }
  },
})
