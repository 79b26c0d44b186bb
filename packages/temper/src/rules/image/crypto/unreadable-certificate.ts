import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'
import { trustStoreOf } from './trusted-certificates.ts'

export const unreadableCertificate = imageRule({
  id: 'unreadable-certificate',
  title: 'Every certificate of the trust store can be read',
  why: 'Some programs skip what they cannot read, others refuse the whole store: connections fail, or are not checked.',
  fix: 'make the store again (update-ca-certificates), from files in PEM',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  *check({ root }) {
    for (const { node, why } of trustStoreOf({ root }).unreadable)
      yield { place: nodePlace(node), found: why.slice(0, 300) }
  },
})
