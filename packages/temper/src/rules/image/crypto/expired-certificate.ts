import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'
import { nameOf, packagedCertificates, trustStoreOf } from './trusted-certificates.ts'

export const expiredCertificate = imageRule({
  id: 'expired-certificate',
  title: 'No certificate of the trust store has expired',
  why: 'It no longer proves anything. A store that holds one is old, and lacks later additions and removals.',
  fix: 'build again with the newest ca-certificates, and remove your own certificates that have expired',
  level: 'warning',
  aspect: 'patching',
  tier: 'secure',
  *check({ root, nodes, now, ownerOf }) {
    const packaged = packagedCertificates({ nodes, ownerOf })
    for (const trusted of trustStoreOf({ root }).certificates) {
      const until = Date.parse(trusted.certificate.validTo)
      if (Number.isNaN(until) || until >= now.getTime()) continue
      const day = new Date(until).toISOString().slice(0, 10)
      const found = `"${nameOf(trusted)}" expired on ${day}`
      // Distributions leave authorities in for a while after their end; whoever builds again gets the same.
      if (packaged.has(trusted.certificate.fingerprint256))
        yield {
          place: nodePlace(trusted.node),
          found: `${found}, and the distribution still brings it`,
          level: 'note',
        }
      else yield { place: nodePlace(trusted.node), found }
    }
  },
})
