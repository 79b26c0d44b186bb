import { absolutePath } from '../../../model/rule.ts'
import { variableOf } from '../environment.ts'
import { imageRule } from '../rule.ts'
import type { ImageSubject } from '../subject.ts'
import { openSslFiles } from './openssl-settings.ts'

const claim = /(?:^|[._/-])fips(?:[._-]?(?:mode|enabled|compliant|140(?:-?[23])?))?$/i
const yes = /^(?:1|true|yes|on|enabled|140-[23])$/i

export const fips = imageRule({
  id: 'fips',
  title: 'Where FIPS is claimed, OpenSSL runs its FIPS provider',
  why: 'A label does not change what is computed: without the module and its configuration the usual code is used.',
  fix: 'bring the provider, and configure it: fips in a recipe; fipsmodule.cnf with its module-mac, and "fips = fips_sect"',
  level: 'warning',
  aspect: 'policy',
  tier: 'hardened',
  needs: ['image'],
  *check(subject) {
    const claimed = claimOf(subject)
    if (claimed === undefined) return
    const missing = missingOf(subject)
    if (missing.length > 0)
      yield {
        place: { kind: 'whole' },
        subject: claimed,
        found: `FIPS is claimed, but ${missing.join(', and ')}`,
      }
  },
})

function claimOf({ image }: ImageSubject): string | undefined {
  const { annotations = {}, settings } = image ?? {}
  for (const [key, value] of Object.entries({ ...settings?.Labels, ...annotations }))
    if (claim.test(key) && yes.test(value)) return key.slice(0, 200)
  return settings !== undefined && yes.test(variableOf(settings, 'OPENSSL_FIPS') ?? '')
    ? 'ENV OPENSSL_FIPS'
    : undefined
}

function missingOf(subject: ImageSubject): string[] {
  const modules = subject.nodes.filter(({ path }) => /(?:^|\/)ossl-modules\/fips\.so$/.test(path))
  const files = openSslFiles(subject)
  const sections = files.flatMap(({ settings }) => settings)
  const measured = subject.nodes.find(({ path }) => /(?:^|\/)fipsmodule\.cnf$/.test(path))
  const included = sections.some(({ name, value }) => name === '.include' && value.endsWith('fipsmodule.cnf'))
  const active = sections.some(({ section, name }) => section === 'provider_sect' && name === 'fips')
  return [
    ...(modules.length === 0 ? ['the module fips.so is not there'] : []),
    ...(measured === undefined
      ? ['it was not installed (fipsmodule.cnf, which holds its checksum, is not there)']
      : []),
    ...(measured !== undefined && !(included && active)
      ? [`${absolutePath(files[0]?.node.path ?? 'etc/ssl/openssl.cnf')} does not load it`]
      : []),
  ]
}
