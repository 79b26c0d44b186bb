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
  *check(subject) {
    const all = openSslFiles(subject).flatMap((file) => file.settings.map((setting) => ({ file, setting })))
    // A provider is called by the name of its entry, or as its section says.
    const sections = new Set(
      all.flatMap(({ setting: { name, value, section } }) =>
        name === 'legacy' ? [value] : name === 'identity' && value === 'legacy' ? [section] : [],
      ),
    )
    const active = all.find(
      ({ setting: { section, name, value } }) =>
        sections.has(section) && name === 'activate' && /^(?:1|yes|true|on)$/i.test(value),
    )
    if (active !== undefined)
      yield { place: placeOf(active.file, active.setting), found: 'the provider "legacy" is active' }
  },
})
