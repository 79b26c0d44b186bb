import { imageRule } from '../rule.ts'
import { placeOf } from './openssl-protocols.ts'
import { openSslFiles } from './openssl-settings.ts'

export const legacyProvider = imageRule({
  id: 'legacy-provider',
  title: 'OpenSSL does not offer algorithms that are broken',
  why: 'The provider "legacy" has MD4, DES, RC4 and others: a program that asks for them by mistake gets them.',
  fix: 'leave "activate = 1" out of the section of the legacy provider',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  *check({ root }) {
    for (const file of openSslFiles({ root })) {
      const section = file.settings.find(({ name }) => name === 'legacy')?.value
      const active = file.settings.find(
        (each) =>
          each.section === section && each.name === 'activate' && /^(?:1|yes|true|on)$/i.test(each.value),
      )
      if (active !== undefined)
        yield { place: placeOf(file, active), found: 'the provider "legacy" is active' }
    }
  },
})
