import { describe, expect, test } from 'vitest'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { npmCataloguer } from './cataloguer.ts'
import { jsrCataloguer } from './deno-lock.ts'

const manifest = (name: string, version: string, more: object = {}) =>
  JSON.stringify({ name, version, ...more })

describe('installed packages', () => {
  test('package.json with name and version count, test data does not', async () => {
    const catalogued = await catalogueFiles(npmCataloguer, {
      'app/node_modules/a/package.json': manifest('a', '1.0.0', {
        license: 'MIT',
        author: 'Ada <a@example.org>',
      }),
      'app/node_modules/@s/b/package.json': manifest('@s/b', '2.0.0'),
      'app/node_modules/a/node_modules/c/package.json': manifest('c', '3.0.0'),
      'app/node_modules/a/vendor/d/package.json': manifest('d', '4.0.0'),
      'app/node_modules/a/dist/esm/package.json': '{"type":"module","name":"a"}',
      'app/node_modules/a/test/fixtures/x/package.json': manifest('x', '1.0.0'),
      'app/node_modules/a/examples/y/package.json': manifest('y', '1.0.0'),
      'app/node_modules/a/src/__tests__/z/package.json': manifest('z', '1.0.0'),
      'app/test/node_modules/f/lib/g/package.json': manifest('g', '5.0.0'),
      'app/node_modules/e/package.json': '{"type":"module"}',
      'opt/yarn-v1/package.json': manifest('yarn', '1.22.0'),
      'app/package.json': manifest('mine', '1.0.0', { private: true }),
    })
    expect(namesOf(catalogued)).toEqual([
      '@s/b 2.0.0',
      'a 1.0.0',
      'c 3.0.0',
      'd 4.0.0',
      'g 5.0.0',
      'yarn 1.22.0',
    ])
    expect(catalogued.passed).toEqual([
      'app/node_modules/a/examples/y/package.json',
      'app/node_modules/a/src/__tests__/z/package.json',
      'app/node_modules/a/test/fixtures/x/package.json',
    ])
    expect(catalogued.components.find(({ name }) => name === 'a')).toEqual({
      type: 'npm',
      name: 'a',
      version: '1.0.0',
      purl: 'pkg:npm/a@1.0.0',
      licence: 'MIT',
      supplier: 'Ada',
      locations: [{ path: 'app/node_modules/a/package.json' }],
      foundBy: 'npm',
    })
  })

  test('the same version in several places is one component with all places', async () => {
    const { components } = await catalogueFiles(npmCataloguer, {
      'b/node_modules/a/package.json': manifest('a', '1.0.0'),
      'a/node_modules/a/package.json': manifest('a', '1.0.0'),
      'a/node_modules/x/package.json': manifest('x', '1.0.0', { dependencies: { a: '^1', y: '*' } }),
    })
    expect(components.map(({ name, locations, dependsOn }) => [name, locations.length, dependsOn])).toEqual([
      ['a', 2, undefined],
      ['x', 1, ['pkg:npm/a@1.0.0']],
    ])
  })

  test.each([
    ['MIT OR Apache-2.0', { license: 'MIT OR Apache-2.0' }],
    ['ISC', { license: { type: 'ISC' } }],
    ['MIT OR GPL-2.0', { licenses: [{ type: 'MIT' }, { type: 'GPL-2.0' }] }],
    [undefined, { license: 7 }],
  ])('licence %s', async (expected, stated) => {
    const files = { 'node_modules/a/package.json': manifest('a', '1.0.0', stated) }
    expect((await catalogueFiles(npmCataloguer, files)).components[0]?.licence).toBe(expected)
  })

  test('names that are no names, and keys that other programs trip over', async () => {
    const catalogued = await catalogueFiles(npmCataloguer, {
      'node_modules/a/package.json': '{"__proto__":{"name":"evil","version":"1"},"constructor":1}',
      'node_modules/b/package.json': manifest('b\u001b[31m', '1.0.0'),
      'node_modules/c/package.json': manifest('c', '1.0 .0'),
      'node_modules/d/package.json': '[]',
      'node_modules/e/package.json': `${manifest('e', '1').slice(0, -1)},"dependencies":{"__proto__":"1"}}`,
    })
    expect(namesOf(catalogued)).toEqual(['e 1'])
    expect(Object.prototype).not.toHaveProperty('name')
  })

  test.each([
    ['text', 'no json', /not JSON/],
    ['deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, /nested deeper/],
  ])('%s is an error', async (_, content, message) => {
    await expect(catalogueFiles(npmCataloguer, { 'node_modules/a/package.json': content })).rejects.toThrow(
      message,
    )
  })
})

const lockV3 = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    '': { name: 'mine', version: '1.0.0' },
    'packages/w': { name: 'w', version: '1.0.0' },
    'node_modules/w': { resolved: 'packages/w', link: true },
    'node_modules/a': { version: '1.0.0', license: 'MIT', dependencies: { b: '^2' } },
    'node_modules/a/node_modules/b': { version: '2.0.0' },
    'node_modules/alias': { name: '@s/real', version: '3.0.0' },
    'node_modules/t': { version: '4.0.0', dev: true },
  },
})

const lockV1 = JSON.stringify({
  lockfileVersion: 1,
  dependencies: {
    a: { version: '1.0.0', requires: { b: '^2' }, dependencies: { b: { version: '2.0.0' } } },
    alias: { version: 'npm:@s/real@3.0.0' },
    git: { version: 'git+ssh://git@example.org/a/b.git#1234' },
    t: { version: '4.0.0', dev: true },
  },
})

const yarnClassic = `# yarn lockfile v1


"@s/real@^3", "alias@npm:@s/real@^3":
  version "3.0.0"
  resolved "http://mirror.example/@s/real.tgz#1"

a@^1.0.0, a@~1.0.0:
  version "1.0.0"
  dependencies:
    b "^2.0.0"

b@^2.0.0:
  version "2.0.0"

t@^4:
  version "4.0.0"
`

const yarnBerry = `# generated

__metadata:
  version: 8
  cacheKey: 10c0

"@s/real@npm:^3":
  version: 3.0.0
  resolution: "@s/real@npm:3.0.0"
  languageName: node

"a@npm:^1.0.0, a@npm:~1.0.0":
  version: 1.0.0
  resolution: "a@npm:1.0.0"
  dependencies:
    b: "npm:^2.0.0"

"b@npm:^2.0.0":
  version: 2.0.0
  resolution: "b@npm:2.0.0"

"mine@workspace:.":
  version: 0.0.0-use.local
  resolution: "mine@workspace:."

"t@npm:^4":
  version: 4.0.0
  resolution: "t@npm:4.0.0"
`

const pnpm5 = `lockfileVersion: 5.4
dependencies:
  a: 1.0.0_b@2.0.0
packages:

  /@s/real/3.0.0:
    resolution: {integrity: sha512-x}
    dev: false

  /a/1.0.0_b@2.0.0:
    resolution: {integrity: sha512-x}
    dependencies:
      b: 2.0.0
    dev: false

  /b/2.0.0:
    resolution: {integrity: sha512-x}
    dev: false

  /t/4.0.0:
    resolution: {integrity: sha512-x}
    dev: true
`

const pnpm6 = `lockfileVersion: '6.0'

packages:

  /@s/real@3.0.0:
    resolution: {integrity: sha512-x}
    dev: false

  /a@1.0.0(b@2.0.0):
    resolution: {integrity: sha512-x}
    dependencies:
      b: 2.0.0
    dev: false

  /b@2.0.0:
    resolution: {integrity: sha512-x}

  /t@4.0.0:
    resolution: {integrity: sha512-x}
    dev: true
`

const pnpm9 = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

importers:

  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0(b@2.0.0)
      alias:
        specifier: npm:@s/real@^3
        version: '@s/real@3.0.0'
    devDependencies:
      t:
        specifier: ^4
        version: 4.0.0

packages:

  '@s/real@3.0.0':
    resolution: {integrity: sha512-x}

  a@1.0.0:
    resolution: {integrity: sha512-x}
    engines: {node: '>=18'}

  b@2.0.0:
    resolution: {integrity: sha512-x}

  t@4.0.0:
    resolution: {integrity: sha512-x}

snapshots:

  '@s/real@3.0.0': {}

  a@1.0.0(b@2.0.0):
    dependencies:
      b: 2.0.0

  b@2.0.0:
    dependencies:
      a: 1.0.0(b@2.0.0)

  t@4.0.0:
    dependencies:
      b: 2.0.0
`

const pnpmItself = `lockfileVersion: '9.0'

importers:

  .:
    packageManagerDependencies:
      pnpm:
        specifier: 12.0.0
        version: 12.0.0

packages:

  pnpm@12.0.0:
    resolution: {integrity: sha512-x}

snapshots:

  pnpm@12.0.0: {}
`

const bun = `{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "dependencies": { "a": "1", "alias": "npm:@s/real@3", }, "devDependencies": { "t": "4", }, },
  },
  "packages": {
    "alias": ["@s/real@3.0.0", "", {}, "sha512-x"],
    "a": ["a@1.0.0", "", { "dependencies": { "b": "^2", }, }, "sha512-,]"],
    "b": ["b@2.0.0", "", {}, "sha512-x"],
    "t": ["t@4.0.0", "", { "dependencies": { "b": "^2" } }, "sha512-x"],
    "w": ["w@workspace:packages/w"],
  },
}
`

test('a bun.lock with a text that has no end is refused at once, however many quotes are in it', async () => {
  const hostile = `{"packages": {"${'\\"'.repeat(200_000)}`
  await expect(catalogueFiles(npmCataloguer, { 'app/bun.lock': hostile })).rejects.toThrow('not JSON')
})

const denoParts = {
  npm: {
    'chalk@5.3.0': {},
    '@types/node@22.5.4': { dependencies: ['undici-types'] },
    'react-dom@18.2.0_react@18.2.0': {},
  },
  jsr: { '@std/path@1.0.6': { integrity: 'x', dependencies: ['jsr:@std/internal@^1.0.5'] } },
}
test.each<[string, object]>([
  ['5', { version: '5', ...denoParts, workspace: {} }],
  ['3', { version: '3', packages: denoParts }],
  ['2', { version: '2', npm: { packages: denoParts.npm }, jsr: denoParts.jsr }],
])('deno.lock of version %s', async (_, lock) => {
  const files = { 'app/deno.lock': JSON.stringify(lock) }
  const catalogued = await catalogueFiles(npmCataloguer, files)
  expect(catalogued.components.map(({ purl }) => purl).sort()).toEqual([
    'pkg:npm/%40types/node@22.5.4',
    'pkg:npm/chalk@5.3.0',
    'pkg:npm/react-dom@18.2.0',
  ])
  const own = await catalogueFiles(jsrCataloguer, files)
  expect(own.components.map(({ name, version, purl }) => [name, version, purl])).toEqual([
    ['@std/path', '1.0.6', expect.stringMatching(/^pkg:jsr\/.*path@1\.0\.6$/)],
  ])
})

test('commas in texts of a bun.lock stay, those before a bracket go', async () => {
  const lock =
    '{"workspaces": {"": {"dependencies": {"a": "1",}}}, "packages": {"a": ["a@1.0.0", "", {"x": "\\\\",}, "\\",}" , ],}}'
  const catalogued = await catalogueFiles(npmCataloguer, { 'app/bun.lock': lock })
  expect([namesOf(catalogued), catalogued.notes]).toEqual([['a 1.0.0'], []])
})

describe('locks', () => {
  const real = ['@s/real 3.0.0', 'a 1.0.0', 'b 2.0.0']

  test.each([
    ['package-lock.json', lockV3, 1],
    ['npm-shrinkwrap.json', lockV1, 1],
    ['pnpm-lock.yaml', pnpm5, 1],
    ['pnpm-lock.yaml', pnpm6, 1],
    ['pnpm-lock.yaml', pnpm9, 1],
    ['pnpm-lock.yaml', `---\n${pnpmItself}\n---\n${pnpm9.replace('  t:', '  pnpm:')}`, 2],
    ['bun.lock', bun, 1],
  ])('%s (%#)', async (name, content, development) => {
    const catalogued = await catalogueFiles(npmCataloguer, { [`app/${name}`]: content })
    expect(namesOf(catalogued)).toEqual(real)
    expect(catalogued.notes.map(({ message }) => message)).toEqual([
      `app/${name} also names ${development} packages that only development needs; they are left out`,
    ])
    expect(catalogued.components.find(({ name: one }) => one === 'a')?.dependsOn).toEqual(['pkg:npm/b@2.0.0'])
  })

  test.each([yarnClassic, yarnBerry])(
    'yarn.lock (%#): all, or what package.json leads to',
    async (content) => {
      const all = await catalogueFiles(npmCataloguer, { 'yarn.lock': content })
      expect(namesOf(all)).toEqual([...real, 't 4.0.0'])
      const project = {
        private: true,
        dependencies: { a: '1' },
        optionalDependencies: { '@s/real': '3' },
        devDependencies: { t: '4' },
      }
      const some = await catalogueFiles(npmCataloguer, {
        'package.json': JSON.stringify(project),
        'yarn.lock': content,
      })
      expect(namesOf(some)).toEqual(real)
      expect(some.notes[0]?.message).toBe(
        'yarn.lock also names 1 packages that only development needs; they are left out',
      )
    },
  )

  test('members of a project want things of their own; where they are not to be seen all counts', async () => {
    const root = { name: 'root', version: '1.0.0', workspaces: ['w'], devDependencies: { t: '4' } }
    const member = { name: 'w', version: '1.0.0', private: true, dependencies: { a: '1' } }
    const alone = { 'package.json': JSON.stringify(root), 'yarn.lock': yarnClassic }
    expect(namesOf(await catalogueFiles(npmCataloguer, alone))).toEqual([...real, 't 4.0.0'])
    const whole = { ...alone, 'w/package.json': JSON.stringify(member) }
    expect(namesOf(await catalogueFiles(npmCataloguer, whole))).toEqual(real.slice(1))
  })

  describe('package.json below a lock', () => {
    const below = {
      'app/packages/member/package.json': manifest('member', '1.0.0'),
      'app/test/fixtures/x/package.json': manifest('x', '1.0.0'),
      'app/public/jquery/package.json': manifest('jquery', '3.0.0'),
      'other/package.json': manifest('other', '1.0.0'),
    }
    const names = async (files: Record<string, string>) =>
      namesOf(await catalogueFiles(npmCataloguer, { ...below, ...files }))
    const workspaces = JSON.stringify({ private: true, workspaces: ['packages/*'] })

    test.each([
      ['a lock of npm', { 'app/package-lock.json': lockV3, 'app/package.json': workspaces }],
      ['a lock of pnpm', { 'app/pnpm-lock.yaml': pnpm9.replace(/^ {2}\.:/m, '  packages/member:') }],
    ])('is of its project, where that has members: %s', async (_, files) => {
      const all = await names(files)
      expect(all.filter((name) => /^(?:member|x|jquery|other) /.test(name))).toEqual(['other 1.0.0'])
      expect(all).toContain('a 1.0.0')
    })

    test('is no test data, and was put there where the project has no members', async () => {
      const all = await names({ 'app/package-lock.json': lockV3 })
      expect(all.filter((name) => /^(?:member|x|jquery|other) /.test(name))).toEqual([
        'jquery 3.0.0',
        'member 1.0.0',
        'other 1.0.0',
      ])
    })

    test('is what it says where there is no lock', async () => {
      expect(await names({})).toEqual(['jquery 3.0.0', 'member 1.0.0', 'other 1.0.0', 'x 1.0.0'])
    })
  })

  test('are skipped where node_modules lies beside, and inside packages', async () => {
    const catalogued = await catalogueFiles(npmCataloguer, {
      'app/package-lock.json': lockV3,
      'app/node_modules/a/package.json': manifest('a', '1.0.1'),
      'app/node_modules/a/yarn.lock': yarnClassic,
    })
    expect(namesOf(catalogued)).toEqual(['a 1.0.1'])
    expect(catalogued.passed).toEqual(['app/node_modules/a/yarn.lock'])
    expect(catalogued.notes).toEqual([
      {
        code: 'lock-passed-over',
        message: 'app/package-lock.json is skipped: node_modules beside it says what is installed',
        location: { path: 'app/package-lock.json' },
      },
    ])
  })

  test('another folder does not overrule a lock, unless it holds most of it', async () => {
    const other = {
      'app/package-lock.json': lockV3,
      'other/node_modules/a/package.json': manifest('a', '9.0.0'),
    }
    expect(namesOf(await catalogueFiles(npmCataloguer, other))).toEqual([
      ...real.slice(0, 2),
      'a 9.0.0',
      'b 2.0.0',
    ])
    const most = { ...other, 'other/node_modules/b/package.json': manifest('b', '9.0.0') }
    expect(namesOf(await catalogueFiles(npmCataloguer, most))).toEqual(['a 9.0.0', 'b 9.0.0'])
  })

  test('hostile ones end', async () => {
    const circle = Array.from(
      { length: 5000 },
      (_, i) => `a${i}@1:\n  version "1"\n  dependencies:\n    a${(i + 1) % 5000} "1"`,
    )
    const files = {
      'package.json': JSON.stringify({ dependencies: { a0: '1' }, devDependencies: { x: '1' } }),
      'yarn.lock': circle.join('\n\n'),
      'b/pnpm-lock.yaml': `lockfileVersion: '9.0'\n${'x'.repeat(1 << 20)}: ${'&a *a '.repeat(1 << 16)}\n`,
    }
    expect((await catalogueFiles(npmCataloguer, files)).components).toHaveLength(5000)
    const deep = Array.from({ length: 100 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')
    await expect(catalogueFiles(npmCataloguer, { 'pnpm-lock.yaml': deep })).rejects.toThrow(/nested deeper/)
  })
})
