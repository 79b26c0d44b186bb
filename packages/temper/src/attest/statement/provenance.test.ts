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

  it('names what build steps ran over, and what each of them made', () => {
    const gcc = { ...zlib, name: 'gcc', digest: sha256('gcc') }
    const outputs = [
      { name: 'hello', type: 'file', executable: true, digest: sha256('hello'), size: 7 },
    ] as const
    const [first, ...rest] = lock.platforms
    const steps = [{ name: 'compile', packages: [gcc, zlib], outputs }]
    const platforms = [{ ...(first as (typeof lock.platforms)[number]), steps }, ...rest]
    const { buildDefinition } = buildProvenance({ ...facts, lock: { ...lock, platforms } }) as {
      buildDefinition: { resolvedDependencies: { name: string }[]; internalParameters: object }
    }
    expect(buildDefinition.resolvedDependencies.map(({ name }) => name).slice(-3)).toEqual([
      'tzdata',
      'zlib1g',
      'gcc',
    ])
    expect(buildDefinition.internalParameters).toMatchObject({
      platforms: [
        { steps: [{ name: 'compile', packages: [{ name: 'gcc', digest: gcc.digest }, {}], outputs }] },
        {},
      ],
    })
  })

  /** What provenance says of one platform, with changes to what the lock and the build say of it. */
  const described = (changes: readonly object[], builds: BuildFacts['platforms'] = facts.platforms) => {
    const platforms = lock.platforms.slice(0, 2).map((each, i) => ({ ...each, packages: [], ...changes[i] }))
    const { buildDefinition } = buildProvenance({
      ...facts,
      lock: { ...lock, suites: [], platforms },
      inputs: [],
      platforms: builds,
    }) as {
      buildDefinition: {
        resolvedDependencies: object[]
        internalParameters: { platforms: Record<string, unknown>[] }
      }
    }
    return buildDefinition
  }

  it('names each base once, with the platforms that begin with it', () => {
    const base = { image: 'docker.io/library/debian:13', digest: sha256('base') }
    expect(described([{ base }, { base }]).resolvedDependencies).toEqual([
      {
        name: 'docker.io/library/debian:13',
        digest: digestSet(sha256('base')),
        annotations: { platforms: ['linux/amd64', 'linux/arm64'], role: 'base' },
      },
    ])
  })

  it('names the own packages of an application once, by their package URLs', () => {
    const dependency = (kind: string, name: string, more: object = {}) => ({
      kind,
      name,
      version: '1.2.3',
      digest: sha256(name),
      url: `https://files.example/${name}`,
      size: 7,
      lockFile: 'the.lock',
      ...more,
    })
    const dependencies = [
      dependency('npm', '@babel/core'),
      dependency('npm', 'left-pad'),
      dependency('npm', 'x@y/z'),
      dependency('python', 'requests'),
      dependency('npm', '@babel/core\nx'),
    ]
    const [scoped, plain, odd, python, broken, ...more] = described([
      { dependencies: [...dependencies, ...dependencies] },
      { dependencies },
    ]).resolvedDependencies
    expect(scoped).toEqual({
      name: '@babel/core',
      uri: 'pkg:npm/%40babel/core@1.2.3',
      digest: digestSet(sha256('@babel/core')),
      downloadLocation: 'https://files.example/@babel/core',
      annotations: { platforms: ['linux/amd64', 'linux/arm64'], size: 7, wantedBy: 'the.lock' },
    })
    expect(plain).toMatchObject({ uri: 'pkg:npm/left-pad@1.2.3' })
    expect(odd).toMatchObject({ uri: expect.stringMatching(/^pkg:npm\/x/) })
    expect(python).toMatchObject({ uri: 'pkg:pypi/requests@1.2.3' })
    expect(broken).not.toMatchObject({ uri: 'pkg:npm/%40babel/core@1.2.3' })
    expect(more).toEqual([])
  })

  it('tells the platforms apart', () => {
    const builds = facts.platforms.map((each, i) => ({ ...each, stripped: { documentation: i } }))
    const { platforms } = described([], builds).internalParameters
    expect(platforms.map(({ digest, stripped }) => ({ digest, stripped }))).toEqual([
      { digest: sha256('linux/amd64'), stripped: { documentation: 0 } },
      { digest: sha256('linux/arm64'), stripped: { documentation: 1 } },
    ])
  })

  it('names a platform once that has a package in the image and in a step', () => {
    const steps = [{ name: 'compile', packages: [zlib], outputs: [] }]
    expect(described([{ packages: [zlib], steps }]).resolvedDependencies).toMatchObject([
      { name: 'zlib1g', annotations: { platforms: ['linux/amd64'] } },
    ])
  })

  it('says nothing of what is not known', () => {
    const bare = {
      ...facts,
      sourceDateEpoch: undefined,
      platforms: [{ ...facts.platforms[0], platform: 'linux/arm64' }],
    } as BuildFacts
    const { buildDefinition } = buildProvenance(bare) as Record<string, Record<string, never>>
    expect(buildDefinition?.['externalParameters']).not.toHaveProperty('sourceDateEpoch')
    expect(buildDefinition?.['internalParameters']).toMatchObject({
      platforms: [{ platform: 'linux/arm64' }],
    })
  })

  it('names where a package came from by its own suite, and not by another', () => {
    const [suite] = lock.suites
    if (suite === undefined) throw new Error('no suite')
    const others = [
      { ...suite, suite: 'bookworm', address: 'http://older.example' },
      { ...suite, repository: 'other', address: 'http://other.example' },
      { ...suite, address: 'http://mirror.example/debian//' },
    ]
    const locations = (suites: Lock['suites']) =>
      (
        buildProvenance({ ...facts, lock: { ...lock, suites } })['buildDefinition'] as Record<
          string,
          { name: string; uri: string; downloadLocation?: string }[]
        >
      )['resolvedDependencies']
    expect(locations(others)?.find(({ name }) => name === 'zlib1g')?.downloadLocation).toBe(
      'http://mirror.example/debian/pool/z/zlib1g.deb',
    )
    expect(locations(others)?.find(({ name }) => name === 'debian trixie')?.uri).toBe(
      'http://mirror.example/debian/dists/trixie',
    )
    expect(locations(others.slice(0, 2))?.find(({ name }) => name === 'zlib1g')).not.toHaveProperty(
      'downloadLocation',
    )
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

  it.each<[string, Statement, RegExp]>([
    ['without a definition', statementOf({}), /buildDefinition: expected an object/],
    [
      'without any predicate',
      makeStatement([{ digest: digestSet(sha256('image')) }], {
        predicateType: predicateTypes.slsaprovenance1,
      } as never),
      /buildDefinition: expected an object/,
    ],
    ['of a long type', { ...statementOf(good), predicateType: 'x'.repeat(999) }, /found x{100}$/],
    ['of a long build type', changed({ buildType: 'x'.repeat(999) } as never), /found "x{100}"$/],
    ...['-a', 'a-', 'a--', 'A', 'a b', 'a/b', '', 'a\n', 'x'.repeat(129)].map(
      (name): [string, Statement, RegExp] => [
        `of an image called ${JSON.stringify(name.slice(0, 9))}`,
        parameters({ recipe: { name } }),
        /recipe, name: expected /,
      ],
    ),
    ...[-1, 1.5, '7', null, 2 ** 53, true].map((sourceDateEpoch): [string, Statement, RegExp] => [
      `of the time ${JSON.stringify(sourceDateEpoch)}`,
      parameters({ sourceDateEpoch }),
      /sourceDateEpoch: expected seconds since 1970, found .{1,40}$/,
    ]),
    ['of a long time', parameters({ sourceDateEpoch: 'x'.repeat(999) }), /found x{40}$/],
    ...[7, true, [], {}, 'x'.repeat(999)].map((temper): [string, Statement, RegExp] => [
      `by the version ${JSON.stringify(temper).slice(0, 9)}`,
      made({ version: { temper } }, {}),
      /version: expected a version of Temper, found .{0,80}$/,
    ]),
    ...[0, -1, 1.5, '7', true, 2 ** 53, 'x'.repeat(999)].map((revision): [string, Statement, RegExp] => [
      `of the revision ${JSON.stringify(revision).slice(0, 9)}`,
      made({ version: { temper: '1.0.0' } }, { revision }),
      /revision: expected a whole number from 1, found .{1,40}$/,
    ]),
    ['without platforms', parameters({ platforms: [] }), /platforms: expected a list/],
    [
      'of many platforms',
      parameters({ platforms: Array(17).fill('a') }),
      /platforms: expected at most 16 members/,
    ],
    [
      'of a long platform',
      parameters({ platforms: ['x'.repeat(101)] }),
      /platforms: expected text of 1 to 100/,
    ],
    ['with a variable that is no text', parameters({ vars: { a: 1 } }), /vars: expected text, found number$/],
    [
      'with files only',
      inputs(input({ mediaType: inputTypes.file })),
      /expected a recipe, a lock and files, found others$/,
    ],
    [
      'with the lock first',
      inputs(input({ mediaType: inputTypes.lock }), input({})),
      /expected a recipe, a lock and files/,
    ],
    ...[
      [inputTypes.statements, inputTypes.statements],
      [inputTypes.file, inputTypes.statements],
    ].map((types): [string, Statement, RegExp] => [
      `with ${types.join(' and ')}`,
      inputs(...[inputTypes.recipe, inputTypes.lock, ...types].map((mediaType) => input({ mediaType }))),
      /expected a recipe, a lock and files/,
    ]),
    ['with a recipe and no lock', inputs(input({})), /expected a recipe, a lock and files/],
    [
      'with two locks',
      inputs(input({ mediaType: inputTypes.lock }), input({ mediaType: inputTypes.lock })),
      /expected a recipe, a lock and files/,
    ],
    [
      'with two recipes',
      inputs(input({}), input({ mediaType: inputTypes.lock }), input({})),
      /expected a recipe, a lock and files/,
    ],
    [
      'with a lock among its files',
      inputs(
        input({}),
        input({ mediaType: inputTypes.lock }),
        input({ mediaType: inputTypes.file }),
        input({ mediaType: inputTypes.lock }),
      ),
      /expected a recipe, a lock and files/,
    ],
    ['with an input that has no name', inputs(input({ name: '' })), /name of an input: expected text/],
    ['with an input that has no digest', inputs(input({ digest: {} })), /input recipe\.yaml: expected text/],
    [
      'with an input of another digest',
      inputs(input({ digest: { sha256: 'z'.repeat(999) } })),
      /input recipe\.yaml: expected a SHA-256 digest, found sha256:z{73}$/,
    ],
    ...[-1, 1.5, '1', null].map((size): [string, Statement, RegExp] => [
      `with an input of the size ${JSON.stringify(size)}`,
      inputs(input({ annotations: { size } })),
      /input recipe\.yaml: expected a size in bytes, found .{1,40}$/,
    ]),
    ['with a long size', inputs(input({ annotations: { size: 'x'.repeat(999) } })), /found x{40}$/],
    [
      'with a long name of an input',
      inputs(input({ name: 'x'.repeat(999), digest: 7 })),
      /input x{100}: expected/,
    ],
  ])('%s is refused briefly', (_, statement, message) => {
    const refused = expect.objectContaining({
      code: 'bad-attestation',
      message: expect.stringMatching(message),
    })
    expect(() => readBuildRecipe(statement, 'provenance')).toThrow(refused)
  })

  it.each(['a', 'a-b', 'a--b', 'a..b_c', 'my-nginx', '1', 'x'.repeat(128)])(
    'may be of an image called %s',
    (name) => {
      expect(readBuildRecipe(parameters({ recipe: { name } }), 'provenance').name).toBe(name)
    },
  )

  it('may be of the first second, of files of no bytes, and of no variables', () => {
    expect(readBuildRecipe(parameters({ sourceDateEpoch: 0 }), 'x').sourceDateEpoch).toBe(0)
    expect(readBuildRecipe(parameters({ vars: undefined }), 'x').vars).toEqual({})
    const empty = { annotations: { size: 0 } }
    const read = readBuildRecipe(inputs(input(empty), input({ ...empty, mediaType: inputTypes.lock })), 'x')
    expect(read.inputs.map(({ size }) => size)).toEqual([0, 0])
    const { sourceDateEpoch: _, ...others } = good.buildDefinition['externalParameters'] as Record<
      string,
      unknown
    >
    expect(readBuildRecipe(changed({ externalParameters: others }), 'x')).not.toHaveProperty(
      'sourceDateEpoch',
    )
  })

  it('may be of VEX statements before the files', () => {
    const types = [inputTypes.recipe, inputTypes.lock, inputTypes.statements, inputTypes.file]
    const statement = inputs(...types.map((mediaType) => input({ mediaType })))
    expect(readBuildRecipe(statement, 'x').inputs.map(({ mediaType }) => mediaType)).toEqual(types)
  })

  it('names variables as they are, whatever they are called', () => {
    const vars = JSON.parse('{"__proto__": "a", "constructor": "b"}')
    expect(Object.entries(readBuildRecipe(parameters({ vars }), 'x').vars)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
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
