import { variableOf } from '../environment.ts'
import { imageRule } from '../rule.ts'
import type { SubjectImage } from '../subject.ts'
import { fipsClaim } from './fips-claim.ts'
import { type FipsOptions, fipsState } from './fips-state.ts'

export const fips = imageRule({
  id: 'fips',
  title: 'Where FIPS is claimed, OpenSSL runs its FIPS provider, and nothing else',
  why: 'A label does not change which code is used: without the module, its checksum and a configuration that activates it, the usual code is used.',
  fix: 'add the provider, and configure it: "fips: true" in a recipe; otherwise make fipsmodule.cnf with openssl fipsinstall, and include it from an openssl.cnf that activates fips and base',
  level: 'warning',
  aspect: 'policy',
  tier: 'hardened',
  needs: ['image'],
  *check(subject) {
    const claimed = fipsClaim(subject)
    if (claimed === undefined) return
    const { missing } = fipsState(subject.root, optionsOf(subject.image))
    if (missing.length > 0)
      yield {
        place: { kind: 'whole' },
        subject: claimed,
        found: `FIPS is claimed, but ${missing.join(', and ')}`,
      }
  },
})

export function optionsOf({ settings }: SubjectImage): FipsOptions {
  const configuration = variableOf(settings, 'OPENSSL_CONF')
  return configuration === undefined || configuration === '' ? {} : { configuration }
}
