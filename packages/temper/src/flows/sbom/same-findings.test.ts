import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchInventory } from '../../advisory/match/match.ts'
import { record, sampleIndex } from '../../advisory/match/sample.ts'
import { sha256 } from '../../base/digest.ts'
import { purlOf } from '../../formats/purl/purl-type.ts'
import { distributionPurl, upstreamOf } from '../../inventory/distribution-purl.ts'
import {
  type Component,
  type ComponentType,
  componentTypes,
  type Distribution,
  type Inventory,
} from '../../model/inventory.ts'
import type { Sbom } from '../../model/sbom.ts'
import { writeCycloneDx } from '../../sbom/cyclonedx/cyclonedx.ts'
import { describeInventory } from '../../sbom/describe/inventory.ts'
import { mergeInventories } from '../../sbom/merge.ts'
import { readSbom } from '../../sbom/read/read.ts'
import { writeSpdx } from '../../sbom/spdx/spdx.ts'
import { writeSpdx3 } from '../../sbom/spdx3/spdx3.ts'

/* What Temper writes of an inventory has the findings of the inventory, in every format and for every ecosystem. */

const formats: readonly (readonly [string, (sbom: Sbom) => string])[] = [
  ['SPDX', writeSpdx],
  ['SPDX 3', writeSpdx3],
  ['CycloneDX', writeCycloneDx],
]

const rust = ['crates', 'io'].join('.')

/** By type: the family in OSV, and names as the ecosystem writes them. */
const languages: Readonly<
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
}

interface SystemSample {
  readonly type: 'deb' | 'apk' | 'rpm'
  readonly distribution: Distribution
  readonly ecosystem: string
}

const systems: readonly SystemSample[] = [
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

const systemNames = ['openssl', 'libstdc++6', 'g++', 'python3.11', 'linux-signed-amd64', 'perl-Getopt-Long']

/** Every name has one record in each ecosystem: repaired in 5, and everybody below has it. */
const index = sampleIndex({
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

const version = fc.constantFrom(
  '4.9.1',
  '5',
  '5.0.1',
  '1:4-2',
  '1:5-1',
  '4.0-1+b2',
  '4~rc1',
  '4.9-r3',
  '4.9-1nodesource1',
  'v4.2.0',
  '(devel)',
  '',
)
const place = fc.constantFrom(
  'app/lock',
  'opt/x y/a.jar!/WEB-INF/lib/b.jar',
  'usr/lib/python3/dist-packages/r.dist-info/METADATA',
)

const language = fc
  .record({
    type: fc.constantFrom(...(Object.keys(languages) as ComponentType[])),
    pick: fc.nat(9),
    version,
    place,
  })
  .map(({ type, pick, version: stated, place: path }): Component => {
    const names = languages[type]?.names ?? []
    const name = names[pick % names.length] ?? ''
    // As Go's own library is listed: without the "v" of modules.
    const version = name === 'stdlib' || name === 'toolchain' ? stated.replace('v', '') : stated
    return {
      ...{ type, name, version },
      purl: purlOf(type, { name, version }),
      locations: [{ path }],
      foundBy: type,
    }
  })

const system = fc
  .record({
    sample: fc.constantFrom(...systems),
    name: fc.constantFrom(...systemNames),
    version: version.filter((text) => text !== '' && text !== '(devel)'),
    source: fc.option(
      fc.record({ name: fc.constantFrom(...systemNames), version: fc.constantFrom('4-1', '1:4-1', '5-1') }),
    ),
    owns: fc.boolean(),
  })
  .map(({ sample: { type, distribution }, name, version: full, source, owns }): Component => {
    const [, epoch, rest = full] = type === 'rpm' ? (/^(\d+):(.*)$/.exec(full) ?? []) : []
    const own = type === 'rpm' && !rest.includes('-') ? `${full}-1.el9` : full
    const built = source ?? (type === 'rpm' ? undefined : { name, version: own })
    const upstream =
      built === undefined || type === 'rpm' ? undefined : upstreamOf({ name, version: own }, built)
    return {
      ...{ type, name, version: own },
      purl: distributionPurl(
        {
          ...{ type, name, architecture: 'amd64' },
          version: own.replace(/^\d+:/, type === 'rpm' ? '' : '$&'),
          ...(epoch === undefined ? {} : { epoch: Number(epoch) }),
          ...(upstream === undefined ? {} : { upstream }),
        },
        distribution,
      ),
      architecture: 'amd64',
      ...(built === undefined ? {} : { source: built }),
      distribution,
      locations: [{ path: 'var/lib/db' }],
      ...(owns ? { files: ['app/lock', 'usr/lib/python3/dist-packages/r.dist-info/METADATA'] } : {}),
      foundBy: type,
    }
  })

/** Of one distribution, as images are, or with packages of several, as merged documents have them. */
const inventory = fc
  .record({
    components: fc.uniqueArray(fc.oneof(language, system), { selector: ({ purl }) => purl, maxLength: 8 }),
    whole: fc.option(fc.constantFrom(...systems)),
  })
  .map(({ components, whole }): Inventory => {
    const fitting =
      whole === null
        ? components
        : components.filter(({ distribution = whole.distribution }) => distribution === whole.distribution)
    // A file has one owner.
    const owner = fitting.find((each) => each.files !== undefined)
    const listed = fitting.map((each): Component => {
      const { files: _, ...rest } = each
      return each === owner ? each : rest
    })
    const files = new Set(
      listed.flatMap((each) => [...(each.files ?? []), each.locations[0]?.path.split('!/')[0] ?? '']),
    )
    return {
      ...(whole === null ? {} : { distribution: whole.distribution }),
      components: listed,
      files: [...files].sort().map((path) => ({ path, digest: sha256(path), sha1: '1'.repeat(40) })),
      layers: [],
      notes: [],
    }
  })

const about = {
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
function told(given: Inventory): readonly string[] {
  const notes: string[] = []
  const findings = matchInventory(given, index, { onNote: ({ message }) => notes.push(message) })
  const lines = findings.map(({ id, fixedVersions, component: { type, name, version: own, locations } }) => {
    // SPDX says of a distribution's package what it was built from, not where it was found.
    const at = type in languages ? locations[0]?.path.split('!/')[0] : 'system'
    return [id, type, name, own, fixedVersions, at].join(' ')
  })
  return [...new Set([...lines, ...notes])].sort()
}

describe('findings of an inventory and of the document that is written of it are the same', () => {
  test.each(formats)('%s', async (_, write) => {
    await fc.assert(
      fc.asyncProperty(inventory, async (given) => {
        const { inventory: read } = await readSbom(Buffer.from(write(describeInventory(given, about))), {
          what: 'own',
        })
        expect(told(read)).toEqual(told(given))
      }),
      { numRuns: 150 },
    )
  })

  test('every ecosystem that can be looked up has findings in it', () => {
    const seen = new Set(
      fc
        .sample(inventory, { numRuns: 400, seed: 1 })
        .flatMap((given) => matchInventory(given, index).map(({ component: { type } }) => type)),
    )
    expect([...seen].sort()).toEqual(componentTypes.filter((type) => type !== 'generic').toSorted())
  })

  test('a document that was made of a document, in every order of formats', async () => {
    const [given] = fc
      .sample(inventory, { numRuns: 200, seed: 2 })
      .toSorted((a, b) => told(b).length - told(a).length)
    if (given === undefined) throw new RangeError('no sample')
    for (const [, first] of formats)
      for (const [, second] of formats) {
        const { inventory: once } = await readSbom(Buffer.from(first(describeInventory(given, about))), {
          what: 'first',
        })
        const { inventory: twice } = await readSbom(Buffer.from(second(describeInventory(once, about))), {
          what: 'second',
        })
        expect(told(twice)).toEqual(told(given))
        expect(told(mergeInventories([once, twice]))).toEqual(told(given))
      }
  })
})
