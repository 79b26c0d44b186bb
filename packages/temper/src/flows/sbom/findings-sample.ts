import { matchInventory } from '../../advisory/match/match.ts'
import { record, sampleIndex } from '../../advisory/match/sample.ts'
import { sha256 } from '../../base/digest.ts'
import { purlOf } from '../../formats/purl/purl-type.ts'
import { distributionPurl, upstreamOf } from '../../inventory/distribution-purl.ts'
import type { Component, ComponentType, Distribution, Inventory } from '../../model/inventory.ts'
import type { Sbom } from '../../model/sbom.ts'
import { writeCycloneDx } from '../../sbom/cyclonedx/cyclonedx.ts'
import { writeSpdx } from '../../sbom/spdx/spdx.ts'
import { writeSpdx3 } from '../../sbom/spdx3/spdx3.ts'

/* What tests need to see whether an inventory and a document about it have the same findings: of every ecosystem. */

export const formats: readonly (readonly [string, (sbom: Sbom) => string])[] = [
  ['SPDX', writeSpdx],
  ['SPDX 3', writeSpdx3],
  ['CycloneDX', writeCycloneDx],
]

const rust = ['crates', 'io'].join('.')

/** By type: the family in OSV, and names as the ecosystem writes them. */
export const languages: Readonly<
  Partial<Record<ComponentType, { readonly family: string; readonly names: readonly string[] }>>
> = {
  npm: { family: 'npm', names: ['left-pad', 'JSONStream', '@babel/core'] },
  pypi: { family: 'PyPI', names: ['requests', 'Zope.Interface', 'ruamel_yaml'] },
  maven: { family: 'Maven', names: ['org.slf4j:slf4j-api', 'xerces:xercesImpl', 'com.x:kafka_2.13'] },
  golang: {
    family: 'Go',
    names: [
      'stdlib',
      'toolchain',
      'github.com/Masterminds/goutils',
      'github.com/o/srv/v2',
      'gopkg.in/yaml.v2',
    ],
  },
  cargo: { family: rust, names: ['time', 'serde_json'] },
  gem: { family: 'RubyGems', names: ['nokogiri', 'RedCloth'] },
  composer: { family: 'Packagist', names: ['symfony/http-kernel', 'Twig/twig'] },
  nuget: { family: 'NuGet', names: ['Newtonsoft.Json', 'system.text.json'] },
  hex: { family: 'Hex', names: ['phoenix'] },
  pub: { family: 'Pub', names: ['http'] },
  swift: { family: 'SwiftURL', names: ['github.com/vapor/vapor'] },
  githubactions: { family: 'GitHub Actions', names: ['tj-actions/changed-files', 'Azure/login'] },
}

export interface SystemSample {
  readonly type: 'deb' | 'apk' | 'rpm'
  readonly distribution: Distribution
  readonly ecosystem: string
}

export const systems: readonly SystemSample[] = [
  {
    type: 'deb',
    distribution: { id: 'debian', version: '12', codename: 'bookworm' },
    ecosystem: 'Debian:12',
  },
  { type: 'deb', distribution: { id: 'debian', version: '', codename: 'trixie' }, ecosystem: 'Debian:13' },
  { type: 'deb', distribution: { id: 'debian', version: '', codename: 'sid' }, ecosystem: 'Debian:sid' },
  { type: 'deb', distribution: { id: 'ubuntu', version: '24.04' }, ecosystem: 'Ubuntu:24.04:LTS' },
  { type: 'apk', distribution: { id: 'alpine', version: '3.20.3' }, ecosystem: 'Alpine:v3.20' },
  { type: 'apk', distribution: { id: 'wolfi', version: '20230201' }, ecosystem: 'Wolfi' },
  { type: 'apk', distribution: { id: 'chainguard', version: '20230214' }, ecosystem: 'Chainguard' },
  {
    type: 'rpm',
    distribution: { id: 'rhel', version: '9.4' },
    ecosystem: 'Red Hat:enterprise_linux:9::baseos',
  },
  { type: 'rpm', distribution: { id: 'almalinux', version: '9.4' }, ecosystem: 'AlmaLinux:9' },
  { type: 'rpm', distribution: { id: 'rocky', version: '9.3' }, ecosystem: 'Rocky Linux:9' },
  { type: 'rpm', distribution: { id: 'opensuse-leap', version: '15.5' }, ecosystem: 'openSUSE:Leap 15.5' },
  {
    type: 'rpm',
    distribution: { id: 'sles', version: '15.5' },
    ecosystem: 'SUSE:Linux Enterprise Server 15 SP5',
  },
  { type: 'rpm', distribution: { id: 'photon', version: '5.0' }, ecosystem: 'Photon OS:5.0' },
  { type: 'rpm', distribution: { id: 'azurelinux', version: '3.0' }, ecosystem: 'Azure Linux:3' },
]

export const systemNames = [
  'openssl',
  'libstdc++6',
  'g++',
  'python3.11',
  'linux-signed-amd64',
  'perl-Getopt-Long',
]

/** Every name has one record in each ecosystem: repaired in 5, and everybody below has it. */
export const index = sampleIndex({
  osv: [
    ...Object.values(languages).flatMap(({ family, names }) => names.map((name) => [family, name] as const)),
    ...systems.flatMap(({ ecosystem }) =>
      [...systemNames, 'linux'].map((name) => [ecosystem, name] as const),
    ),
  ].map(([ecosystem, name], i) =>
    record(`CVE-2024-${10_000 + i}`, {
      in: ecosystem,
      name,
      events: [{ introduced: '0' }, { fixed: '5' }],
    }),
  ),
})

export const about = {
  generator: { name: 'temper', version: '0' },
  subject: {
    kind: 'image',
    name: 'app',
    digest: sha256('app'),
    architecture: 'amd64',
    created: '2026-01-02T03:04:05Z',
  },
} as const

/** Everything that matching says: findings, and what could not be compared. */
export function told(given: Inventory): readonly string[] {
  const { findings, notes } = matchInventory(given, index)
  const lines = findings.map(({ id, fixedVersions, component }) => {
    const { type, name, version: own, locations, guessedFrom, sha1 } = component
    // SPDX says of a distribution's package what it was built from, not where it was found.
    const at = type in languages ? locations[0]?.path.split('!/')[0] : 'system'
    return [id, type, name, own, fixedVersions, at, guessedFrom, sha1].join(' ')
  })
  // Of merged documents a package may be there twice.
  const open = notes.map(({ message }) => message.replace(/^\d+ packages? (?:was|were) /, ''))
  return [...new Set([...lines, ...open])].sort()
}

/** Findings without the places that other programs leave out of what they write. */
export function findingsOf(given: Inventory): readonly string[] {
  const lines = matchInventory(given, index).findings.map(
    ({ id, fixedVersions, component: { type, name, version } }) =>
      [id, type, name, version, ...fixedVersions].join(' '),
  )
  return [...new Set(lines)].sort()
}

/** An image of a distribution, with packages of every ecosystem: all but the last of each name are affected. */
export function sampleInventory({ type, distribution }: SystemSample): Inventory {
  const components = [
    ...systemNames.flatMap((name) => [
      systemComponent({ type, name, version: type === 'apk' ? '4-r1' : '4-1' }, distribution),
      systemComponent({ type, name: `${name}-built`, version: '1:4-2' }, distribution),
      systemComponent({ type, name: `${name}-new`, version: '5-1' }, distribution),
    ]),
    ...Object.entries(languages).flatMap(([language, { names }]) =>
      names.map((name): Component => {
        const found = { type: language as ComponentType, name, version: '4.9.1' }
        return { ...found, purl: purlOf(language, found), locations: [{ path: 'app/lock' }], foundBy: 'test' }
      }),
    ),
  ]
  return { distribution, components, files: [], layers: [], notes: [] }
}

/** Built from a source package of another name, unless RPM's database would not say so. */
function systemComponent(
  { type, name, version }: Pick<Component, 'name' | 'version'> & Pick<SystemSample, 'type'>,
  distribution: Distribution,
): Component {
  const full = type === 'rpm' ? `${version}.el9` : version
  const [, epoch, rest = full] = /^(\d+):(.*)$/.exec(full) ?? []
  const source = name.endsWith('-built') ? { name: 'linux', version: '4-1' } : { name, version: full }
  const upstream = type === 'rpm' ? undefined : upstreamOf({ name, version: full }, source)
  return {
    ...{ type, name, version: full, architecture: 'amd64', distribution },
    purl: distributionPurl(
      {
        ...{ type, name, architecture: 'amd64', version: type === 'rpm' ? rest : full },
        ...(type !== 'rpm' || epoch === undefined ? {} : { epoch: Number(epoch) }),
        ...(upstream === undefined ? {} : { upstream }),
      },
      distribution,
    ),
    ...(type === 'rpm' && source.name !== 'linux' ? {} : { source }),
    locations: [{ path: 'var/lib/db' }],
    foundBy: 'test',
  }
}
