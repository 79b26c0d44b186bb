import { describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { predicateTypes, type Statement } from '../../model/attestation.ts'
import type { Lock, LockedPackage } from '../../model/lock.ts'
import type { Recipe } from '../../model/recipe.ts'
import { digestSet, makeStatement, parseStatement, statementBytes } from './in-toto.ts'
import { type BuildFacts, buildProvenance } from './provenance.ts'
import { inputTypes, readBuildRecipe } from './read-provenance.ts'

const zlib: LockedPackage = {
  name: 'zlib1g',
  version: '1:1.3',
  architecture: 'amd64',
  source: { name: 'zlib', version: '1:1.3' },
  digest: sha256('zlib1g'),
  size: 100,
  installedSize: 200,
  origin: { repository: 'debian', suite: 'trixie', component: 'main', location: 'pool/z/zlib1g.deb' },
  wantedBy: 'nginx',
}
const tzdata = { ...zlib, name: 'tzdata', architecture: 'all', digest: sha256('tzdata'), wantedBy: 'recipe' }
const platform = (name: string, packages: readonly LockedPackage[]): Lock['platforms'][number] => ({
  platform: name,
  packages,
  pruned: [{ name: 'dash', version: '0.5', reason: 'is a shell' }],
  effects: [{ effect: 'ca-bundle', detail: '142 certificates' }],
  unmodelledEffects: [{ package: 'x', script: 'postinst', line: 3, command: 'true' }],
})
const lock: Lock = {
  formatVersion: 1,
  recipe: { name: 'web', checksum: sha256('recipe'), files: [] },
  distribution: 'debian-13',
  compressor: { format: 'gzip', level: 6, definition: 'pako-3' },
  suites: [
    {
      repository: 'debian',
      address: 'http://mirror.example/debian/',
      suite: 'trixie',
      components: ['main'],
      digest: sha256('Release'),
      date: '2026-01-01T00:00:00Z',
      signedBy: ['ABCD'],
    },
  ],
  platforms: [
    platform('linux/amd64', [tzdata, zlib]),
    platform('linux/arm64', [tzdata]),
    platform('linux/other', [{ ...zlib, digest: sha256('unwanted') }]),
  ],
}
const facts: BuildFacts = {
  builderId: 'https://ci.example/temper',
  version: '1.2.3',
  revision: 7,
  recipe: { name: 'web' } as Recipe,
  vars: { series: '26' },
  sourceDateEpoch: 1_700_000_000,
  lock,
  inputs: [
    { name: 'recipe.yaml', mediaType: inputTypes.recipe, digest: sha256('yaml'), size: 4 },
    { name: 'recipe.lock.json', mediaType: inputTypes.lock, digest: sha256('lock'), size: 4 },
    { name: 'nginx.conf', mediaType: inputTypes.file, digest: sha256('conf'), size: 4 },
  ],
  platforms: ['linux/amd64', 'linux/arm64'].map((name) => ({
    platform: name,
    digest: sha256(name),
    stripped: { documentation: 94 },
    relaxations: [{ rule: 'shell', why: 'a reason' }],
  })),
  invocation: sha256('key'),
  packageUrl: ({ name }) => `pkg:deb/debian/${name}`,
}
const statementOf = (predicate: object): Statement =>
  makeStatement([{ digest: digestSet(sha256('image')) }], {
    predicateType: predicateTypes.slsaprovenance1,
    predicate: { ...predicate },
  })

describe('provenance', () => {
  it('names all that went in, each once, and nothing of other platforms', () => {
    const { resolvedDependencies } = buildProvenance(facts)['buildDefinition'] as Record<string, never[]>
    expect(resolvedDependencies).toMatchObject([
      { name: 'recipe.yaml', digest: digestSet(sha256('yaml')) },
      { name: 'recipe.lock.json' },
      { name: 'nginx.conf' },
      {
        name: 'debian trixie',
        uri: 'http://mirror.example/debian/dists/trixie',
        digest: digestSet(sha256('Release')),
        annotations: { signedBy: ['ABCD'] },
      },
      { uri: 'pkg:deb/debian/tzdata', annotations: { platforms: ['linux/amd64', 'linux/arm64'] } },
      {
        uri: 'pkg:deb/debian/zlib1g',
        digest: digestSet(sha256('zlib1g')),
        downloadLocation: 'http://mirror.example/debian/pool/z/zlib1g.deb',
        annotations: { platforms: ['linux/amd64'], wantedBy: 'nginx' },
      },
    ])
    expect(resolvedDependencies).toHaveLength(6)
  })

  it('tells what was done to the packages, and by whom', () => {
    expect(buildProvenance(facts)).toMatchObject({
      buildDefinition: {
        externalParameters: {
          recipe: { name: 'web' },
          vars: { series: '26' },
          sourceDateEpoch: 1_700_000_000,
        },
        internalParameters: {
          revision: 7,
          platforms: [
            {
              platform: 'linux/amd64',
              digest: sha256('linux/amd64'),
              pruned: [{ name: 'dash' }],
              stripped: { documentation: 94 },
              relaxations: [{ rule: 'shell' }],
              effects: [{ effect: 'ca-bundle' }],
              unmodelledEffects: [{ script: 'postinst' }],
            },
            { platform: 'linux/arm64' },
          ],
        },
      },
      runDetails: {
        builder: { id: 'https://ci.example/temper', version: { temper: '1.2.3' } },
        metadata: { invocationId: sha256('key') },
      },
    })
  })

  it('is equal for equal builds and holds no time of its own', () => {
    const bytes = () => Buffer.from(statementBytes(statementOf(buildProvenance(facts)))).toString()
    expect(bytes()).toBe(bytes())
    expect(bytes()).not.toMatch(/startedOn|finishedOn/)
  })

  it('says how to build the image again', () => {
    const written = parseStatement(statementBytes(statementOf(buildProvenance(facts))), 'x')
    expect(readBuildRecipe(written, 'provenance')).toEqual({
      name: 'web',
      platforms: ['linux/amd64', 'linux/arm64'],
      vars: { series: '26' },
      sourceDateEpoch: 1_700_000_000,
      maker: { version: '1.2.3', revision: 7 },
      inputs: facts.inputs,
    })
  })
})

describe('who built, as provenance says', () => {
  const { buildDefinition, runDetails } = buildProvenance(facts) as Record<string, Record<string, object>>
  const read = (predicate: object) => readBuildRecipe(statementOf(predicate), 'provenance').maker

  it('is of revision 1 when it names none, as the first version did', () => {
    const { revision: _, ...internalParameters } = { revision: 0, ...buildDefinition?.['internalParameters'] }
    expect(read({ buildDefinition: { ...buildDefinition, internalParameters }, runDetails })).toEqual({
      version: '1.2.3',
      revision: 1,
    })
  })

  it('may be left open', () => {
    expect(read({ buildDefinition })).toBeUndefined()
  })
})

describe('provenance from outside', () => {
  const good = buildProvenance(facts) as { buildDefinition: Record<string, object> }
  const changed = (change: object) => statementOf({ buildDefinition: { ...good.buildDefinition, ...change } })
  const made = (details: object, internalParameters: object) =>
    statementOf({
      buildDefinition: { ...good.buildDefinition, internalParameters },
      runDetails: { builder: { id: 'https://ci.example', ...details } },
    })
  const parameters = (change: object) =>
    changed({ externalParameters: { ...good.buildDefinition['externalParameters'], ...change } })
  const inputs = (...list: readonly object[]) => changed({ resolvedDependencies: list })
  const input = (change: object) => ({
    name: 'recipe.yaml',
    mediaType: inputTypes.recipe,
    digest: digestSet(sha256('x')),
    annotations: { size: 1 },
    ...change,
  })

  it.each([
    ['of another type', { ...statementOf(good), predicateType: 'https://example.com/x' }, /provenance\/v1/],
    ['of another build type', changed({ buildType: 'https://example.com/make' }), /buildType: expected/],
    [
      'by a version that is not one',
      made({ version: { temper: '1.0 --evil' } }, {}),
      /version: expected a version/,
    ],
    [
      'of a revision that is none',
      made({ version: { temper: '1.0.0' } }, { revision: 0 }),
      /revision: expected/,
    ],
    ['without a build', statementOf({}), /buildDefinition: expected an object/],
    ['without platforms', parameters({ platforms: [] }), /platforms: expected a list/],
    ['with a name that leads elsewhere', parameters({ recipe: { name: '../x' } }), /the name of an image/],
    ['with vars that are no text', parameters({ vars: { a: 1 } }), /vars: expected text/],
    ['with a time that is none', parameters({ sourceDateEpoch: -1 }), /sourceDateEpoch: expected seconds/],
    ['without inputs', inputs({ name: 'x' }), /expected a recipe, a lock and files/],
    ['without a lock', inputs(input({})), /expected a recipe, a lock and files/],
    ['with two recipes', inputs(input({}), input({})), /expected a recipe, a lock and files/],
    [
      'with a digest that is none',
      inputs(input({ digest: { sha256: '../x' } })),
      /expected a SHA-256 digest/,
    ],
    ['with a size that is none', inputs(input({ annotations: { size: 1e300 } })), /expected a size in bytes/],
  ])('%s is refused', (_what, statement, reason) => {
    expect(() => readBuildRecipe(statement, 'provenance')).toThrow(
      expect.objectContaining({ code: 'bad-attestation', message: expect.stringMatching(reason) }),
    )
  })
})
