import { describe, expect, test } from 'vitest'
import type { PathRequest, Recipe } from '../model/recipe.ts'
import {
  lockedPackage,
  packageContent,
  type SamplePackage,
  sampleDistro,
  sampleHardening,
  sampleRecipe,
} from './fixtures/sample.ts'
import { type ImagePlan, type PlanInput, planImage } from './plan.ts'

function plan(
  packages: readonly SamplePackage[],
  recipe: Partial<Recipe> = {},
  options: Partial<Pick<PlanInput, 'files' | 'sourceDateEpoch'>> = {},
): ImagePlan {
  return planImage({
    recipe: sampleRecipe(recipe),
    architecture: 'amd64',
    packages: packages.map((sample) => ({ package: lockedPackage(sample), content: packageContent(sample) })),
    files: [],
    distro: sampleDistro(),
    hardening: sampleHardening,
    ...options,
  })
}

const paths = (image: ImagePlan) => [...image.root.nodes()].map((node) => node.path)
const entriesOf = (image: ImagePlan, name: string) =>
  image.packages.find((each) => each.package.name === name)?.entries.map((entry) => entry.path)

const tool: SamplePackage = {
  name: 'tool',
  files: [
    'usr/',
    'usr/bin/',
    ['usr/bin/tool', 'ELF', { mode: 0o4755 }],
    ['usr/share/doc/tool/README', 'read me'],
    ['usr/share/doc/tool/copyright', 'GPL'],
  ],
}

describe('planImage', () => {
  test('leaves documentation out, keeps copyright, takes setuid away', () => {
    const image = plan([tool])
    expect(entriesOf(image, 'tool')).toEqual(['usr/bin/tool', 'usr/share/doc/tool/copyright'])
    expect(image.root.get('usr/bin/tool')?.mode).toBe(0o755)
    expect(image.stripped).toContainEqual({
      package: 'tool',
      path: 'usr/share/doc/tool/README',
      reason: 'documentation',
      rule: 'documentation',
      relaxable: true,
    })
  })

  test('leaves out what leads to a folder whose contents are all left out', () => {
    const image = plan([
      tool,
      {
        name: 'wheel',
        files: [
          'usr/lib/wheel/',
          ['usr/lib/wheel/README', ''],
          ['usr/share/doc/wheel/x', ''],
          'usr/lib/docs -> ../share/doc/wheel',
        ],
      },
    ])
    expect(image.root.get('usr/share/doc/wheel')).toBeUndefined()
    expect(image.root.get('usr/lib/docs')).toBeUndefined()
    expect(image.stripped).toContainEqual(
      expect.objectContaining({ package: 'wheel', path: 'usr/lib/docs', reason: 'dangling symlink' }),
    )
  })

  test('refuses whiteouts of packages, diverted ones, and of the recipe', () => {
    const evil = (path: string, own = {}) => plan([tool, { name: 'evil', files: [path], own }])
    for (const path of [
      'usr/bin/.wh.tool',
      'bin/.wh.tool',
      'usr/bin/.wh..wh..opq',
      '.wh.usr',
      '.wh.usr/lib/x',
    ])
      expect(() => evil(path)).toThrow(
        expect.objectContaining({
          code: 'bad-archive',
          details: expect.objectContaining({ package: 'evil' }),
        }),
      )
    const file = {
      type: 'file',
      path: '/usr/bin/.wh.tool',
      content: '',
      mode: 0o644,
      uid: 0,
      gid: 0,
    } as const
    expect(() => plan([tool], { paths: [file] })).toThrow(
      expect.objectContaining({ code: 'bad-recipe', details: { path: '/usr/bin/.wh.tool' } }),
    )
    const link = { type: 'symlink', path: '/usr/.wh.bin', source: '/usr' } as const
    expect(() => plan([tool], { paths: [link] })).toThrow('/usr/.wh.bin')
  })

  test('leaves out scripts for an env that is not there, but for what the recipe runs and what is loaded as a module', () => {
    const script = (path: string) => [path, '#!/usr/bin/env node', { mode: 0o755 }] as const
    const files = ['usr/share/x/bin/acorn', 'usr/share/x/cli.js', 'usr/bin/tool'].map(script)
    const node: SamplePackage = {
      name: 'nodejs',
      files: [['usr/bin/node', 'ELF', { mode: 0o755 }], ...files],
    }
    const image = plan([node], { entrypoint: ['/usr/bin/tool'] })
    expect(paths(image)).toEqual(
      expect.arrayContaining(['usr/bin/node', 'usr/bin/tool', 'usr/share/x/cli.js']),
    )
    expect(paths(image)).not.toContain('usr/share/x/bin/acorn')
    const env: SamplePackage = { name: 'coreutils', files: [['usr/bin/env', 'ELF', { mode: 0o755 }]] }
    expect(paths(plan([node, env]))).toContain('usr/share/x/bin/acorn')
  })

  test('merges /bin into /usr', () => {
    expect(paths(plan([{ name: 'old', files: [['bin/old', 'x', { mode: 0o755 }]] }]))).toContain(
      'usr/bin/old',
    )
  })

  test('records in the package database only what is there', () => {
    const node = plan([tool]).root.get('var/lib/db/tool')
    expect(new TextDecoder().decode(node?.content)).toBe('usr/bin/tool\nusr/share/doc/tool/copyright\n')
  })

  test('scripts go with their interpreter, links with their target, folders with their contents', () => {
    const image = plan([
      {
        name: 'scripts',
        files: [
          'usr/lib/s/',
          ['usr/lib/s/run', '#!/usr/bin/perl\n', { mode: 0o755 }],
          'usr/bin/run -> ../lib/s/run',
          'var/lib/empty/',
        ],
      },
    ])
    expect(paths(image)).not.toContain('usr/lib/s/run')
    expect(paths(image)).not.toContain('usr/bin/run')
    expect(paths(image)).not.toContain('usr/lib/s')
    expect(paths(image)).toContain('var/lib/empty')
    expect(image.stripped.map(({ reason }) => reason).sort()).toEqual(['dangling symlink', 'no interpreter'])
  })

  test('a program that the recipe runs is never taken away silently', () => {
    const sample = {
      name: 'scripts',
      files: [['usr/bin/run', '#!/usr/bin/perl\n', { mode: 0o755 }]],
    } satisfies SamplePackage
    expect(paths(plan([sample], { entrypoint: ['/usr/bin/run'] }))).toContain('usr/bin/run')
  })

  test('links to what the runtime mounts stay', () => {
    expect(
      paths(plan([{ name: 'links', files: ['var/lock -> /run/lock', 'etc/mtab -> ../proc/self/mounts'] }])),
    ).toEqual(expect.arrayContaining(['var/lock', 'etc/mtab']))
  })

  test('two packages with the same file: Replaces decides, equal bytes are fine, else it is an error', () => {
    const first: SamplePackage = { name: 'a', files: [['etc/x', 'one']] }
    const second: SamplePackage = { name: 'b', files: [['etc/x', 'two']], own: { replaces: 'a 2' } }
    const image = plan([first, second])
    expect(entriesOf(image, 'a')).toEqual([])
    expect(entriesOf(image, 'b')).toEqual(['etc/x'])
    expect(entriesOf(plan([first, { ...first, name: 'b' }]), 'a')).toEqual(['etc/x'])
    const tooOld: SamplePackage = { ...second, own: { replaces: 'a 0.5' } }
    expect(() => plan([first, tooOld])).toThrow(/both bring/)
    expect(() => plan([first, { ...second, own: {} }])).toThrow(/a and b both bring \/etc\/x/)
  })

  test('applies the paths of the recipe in order', () => {
    const requests: PathRequest[] = [
      { type: 'directory', path: '/data', mode: 0o750, uid: 65532, gid: 65532 },
      { type: 'file', path: '/data/motd', content: 'hello', mode: 0o600, uid: 65532, gid: 65532 },
      { type: 'symlink', path: '/etc/motd', source: '/data/motd' },
      { type: 'hardlink', path: '/data/again', source: '/data/motd' },
      { type: 'permissions', path: '/data', mode: 0o700, recursive: false },
      { type: 'delete', path: '/usr/bin/tool' },
    ]
    const { root } = plan([tool], { paths: requests })
    expect(root.get('data')).toMatchObject({ mode: 0o700, uid: 65532 })
    expect(root.resolve('/etc/motd')).toMatchObject({ path: 'data/motd', size: 5 })
    expect(root.get('data/again')).toMatchObject({ type: 'hardlink', target: 'data/motd', size: 0 })
    expect(root.get('usr/bin/tool')).toBeUndefined()
  })

  test('a file from beside the recipe takes its turn among the paths, as one with content does', () => {
    const owner = { mode: 0o644, uid: 0, gid: 0 }
    const put = { type: 'file', path: '/usr/bin/tool', source: 'own', ...owner } as const
    const files = [{ request: put, content: new TextEncoder().encode('own') }]
    const erase = { type: 'delete', path: '/usr/bin' } as const
    const tree = (...order: PathRequest[]) => plan([tool], { paths: order }, { files }).root
    expect(tree(erase, put).get('usr/bin/tool')).toMatchObject({ size: 3, origin: { kind: 'recipe' } })
    expect(tree(put, erase).get('usr/bin/tool')).toBeUndefined()
    const strict = { type: 'permissions', path: '/usr/bin/tool', mode: 0o500, recursive: false } as const
    expect(tree(put, strict).get('usr/bin/tool')?.mode).toBe(0o500)
    expect(tree(strict, put).get('usr/bin/tool')?.mode).toBe(0o644)
  })

  test('one file may be put at several paths, and one that was not read is no silent gap', () => {
    const owner = { mode: 0o644, uid: 0, gid: 0 }
    const request = { path: '/a', source: 'own', ...owner }
    const again = { ...request, type: 'file', path: '/b' } as const
    const recipe: Partial<Recipe> = {
      contents: { ...sampleRecipe().contents, files: [request] },
      paths: [again],
    }
    const files = [request, again].map((each) => ({ request: each, content: new Uint8Array(3) }))
    const { root } = plan([tool], recipe, { files })
    expect([root.get('a')?.size, root.get('b')?.size]).toEqual([3, 3])
    expect(() => plan([tool], recipe)).toThrow('own was not read')
  })

  test('what the recipe deletes is in no layer below either', () => {
    const image = plan([tool], { paths: [{ type: 'delete', path: '/usr/bin/tool' }] })
    expect(entriesOf(image, 'tool')).toEqual(['usr/share/doc/tool/copyright'])
  })

  test.each<[PathRequest, RegExp]>([
    [{ type: 'delete', path: '/nothing' }, /cannot delete \/nothing/],
    [
      { type: 'permissions', path: '/nothing', mode: 0o600, recursive: false },
      /cannot change the permissions of \/nothing/,
    ],
    [{ type: 'hardlink', path: '/etc/x', source: '/usr/bin/tool' }, /a file of package tool/],
    [
      { type: 'file', path: '/usr/bin/tool/x', content: '', mode: 0o644, uid: 0, gid: 0 },
      /\/usr\/bin\/tool is a file, not a folder/,
    ],
  ])('refuses %o', (request, message) => {
    expect(() => plan([tool], { paths: [request] })).toThrow(message)
  })

  test('runs as the recipe says, by number', () => {
    expect(plan([tool]).user).toMatchObject({ user: '65532', uid: 65532 })
    expect(plan([tool], { accounts: { runAs: '1234', users: [], groups: [] } }).user.user).toBe('1234:1234')
    expect(() => plan([tool], { accounts: { runAs: 'web', users: [], groups: [] } })).toThrow(
      /no user "web".*/,
    )
  })

  test('times come from the packages, or from SOURCE_DATE_EPOCH', () => {
    expect(plan([tool]).created).toBe(1_700_000_000)
    const early = plan([tool], {}, { sourceDateEpoch: 1_600_000_000 })
    expect(early.created).toBe(1_600_000_000)
    expect(Math.max(...[...early.root.nodes()].map((node) => node.mtime))).toBe(1_600_000_000)
    const late = plan([tool], {}, { sourceDateEpoch: 1_800_000_000 })
    expect(late.root.get('usr/bin/tool')?.mtime).toBe(1_700_000_000)
    expect(late.created).toBe(1_800_000_000)
  })

  test('volumes belong to the runtime user, the working folder to root', () => {
    const { root } = plan([tool], { volumes: ['/var/lib/db2'], workDir: '/srv/app' })
    expect(root.get('var/lib/db2')).toMatchObject({ uid: 65532, gid: 65532, mode: 0o755 })
    expect(root.get('srv/app')).toMatchObject({ uid: 0, type: 'directory' })
  })

  test('writes os-release with the fields of the recipe over those of the distribution', () => {
    const { root } = plan([tool], { osRelease: { NAME: 'My "own" $base' } })
    expect(new TextDecoder().decode(root.get('usr/lib/os-release')?.content)).toBe(
      'ID=debian\nNAME="My \\"own\\" \\$base"\n',
    )
    expect(root.resolve('/etc/os-release')?.path).toBe('usr/lib/os-release')
  })

  test('effects see the files that the recipe brings, and the recipe has the last word', () => {
    const seen: string[] = []
    const distro = sampleDistro()
    const path = '/usr/local/share/ca-certificates/own.crt'
    const request = { path, source: 'own.crt', mode: 0o644, uid: 0, gid: 0 }
    const image = planImage({
      recipe: sampleRecipe({
        contents: { ...sampleRecipe().contents, files: [request] },
        paths: [
          {
            type: 'file',
            path: '/etc/passwd',
            content: 'root:x:0:0::/:\nnonroot:x:65532:65532::/:\n',
            mode: 0o600,
            uid: 0,
            gid: 0,
          },
        ],
      }),
      architecture: 'amd64',
      packages: [{ package: lockedPackage(tool), content: packageContent(tool) }],
      files: [{ request, content: new Uint8Array([1]) }],
      distro: {
        ...distro,
        applyEffects: (packages, root, options) => {
          seen.push(
            ...[...root.nodes()].filter((node) => node.origin.kind === 'recipe').map((node) => node.path),
          )
          return distro.applyEffects(packages, root, options)
        },
      },
      hardening: sampleHardening,
    })
    expect(seen).toContain('usr/local/share/ca-certificates/own.crt')
    expect(image.root.get('etc/passwd')).toMatchObject({ mode: 0o600, origin: { kind: 'recipe' } })
  })

  test('a diverted file gets its other name, also when both packages bring it', () => {
    const older: SamplePackage = { name: 'older', files: [['usr/bin/x', 'old', { mode: 0o755 }]] }
    const newer: SamplePackage = {
      name: 'newer',
      files: [['bin/x', 'new', { mode: 0o755 }]],
      own: { diverts: 'usr/bin/x usr/bin/x.older' },
    }
    for (const packages of [
      [older, newer],
      [newer, older],
    ]) {
      const image = plan(packages)
      expect(image.root.get('usr/bin/x')?.origin).toMatchObject({ package: 'newer' })
      expect(image.root.get('usr/bin/x.older')?.origin).toMatchObject({ package: 'older', path: 'usr/bin/x' })
      expect(entriesOf(image, 'older')).toEqual(['usr/bin/x.older'])
    }
    expect(() => plan([older, { ...newer, own: {} }])).toThrow('both bring')
  })

  test('a package with a file in /usr/bin and a link to it in /bin, as before the merge', () => {
    const { root } = plan([
      { name: 'old', files: [['usr/bin/x', 'x', { mode: 0o755 }]] },
      { name: 'links', files: ['bin/x -> /usr/bin/x', 'bin/y -> /usr/bin/x'] },
    ])
    expect(root.get('usr/bin/x')).toMatchObject({ type: 'file' })
    expect(root.get('usr/bin/y')).toMatchObject({ type: 'symlink' })
  })

  test('extended attributes of archives are left out, as by dpkg: file capabilities among them', () => {
    const xattrs = { 'security.capability': 'AQ==' }
    const { root } = plan([{ name: 'ping', files: [['usr/bin/ping', 'x', { mode: 0o755, xattrs }]] }])
    expect(root.get('usr/bin/ping')).not.toHaveProperty('xattrs')
  })

  test('times beyond the year 9999 and before 1970 are brought into the range that can be written', () => {
    const image = plan([
      { name: 'future', files: [['usr/lib/a', 'a', { mtime: Number.MAX_SAFE_INTEGER }]] },
      { name: 'past', files: [['usr/lib/b', 'b', { mtime: -5 }]] },
    ])
    expect(image.created).toBe(253_402_300_799)
    expect(image.root.get('usr/lib/a')?.mtime).toBe(253_402_300_799)
    expect(image.root.get('usr/lib/b')?.mtime).toBe(0)
    expect(new Date(image.created * 1000).toISOString()).toBe('9999-12-31T23:59:59.000Z')
  })
})

describe('hard links of packages', () => {
  const link = (path: string, target: string) => [path, '', { type: 'hardlink', target }] as const
  const at = (image: ImagePlan, path: string) => {
    const node = image.root.get(path)
    return node && [node.type, node.target, node.origin.kind === 'package' ? node.origin.path : '']
  }

  test('share the file, with its attributes', () => {
    const image = plan([
      {
        name: 'tool',
        files: [
          ['bin/tool', 'x', { mode: 0o755 }],
          ['bin/alias', '', { type: 'hardlink', target: 'bin/tool', mode: 0o4777 }],
        ],
      },
    ])
    expect(image.root.get('usr/bin/alias')).toMatchObject({
      type: 'hardlink',
      target: 'usr/bin/tool',
      mode: 0o755,
    })
  })

  test('take the place of a file that is left out; further links share the first', () => {
    const image = plan([
      {
        name: 'tool',
        files: [
          ['usr/share/doc/tool/tool', 'content', { mode: 0o755 }],
          link('usr/bin/b', 'usr/share/doc/tool/tool'),
          link('usr/bin/a', 'usr/bin/b'),
        ],
      },
    ])
    expect(at(image, 'usr/bin/a')).toEqual(['file', undefined, 'usr/share/doc/tool/tool'])
    expect(at(image, 'usr/bin/b')).toEqual(['hardlink', 'usr/bin/a', 'usr/bin/b'])
    expect(image.root.get('usr/bin/a')?.size).toBe(7)
    expect(entriesOf(image, 'tool')).toEqual(['usr/bin/a', 'usr/bin/b'])
  })

  test('take the place of a file that another package replaces, or that the recipe deletes', () => {
    const tool: SamplePackage = {
      name: 'tool',
      files: [['usr/bin/tool', 'old', { mode: 0o755 }], link('usr/bin/alias', 'usr/bin/tool')],
    }
    const better: SamplePackage = {
      name: 'better',
      files: [['usr/bin/tool', 'new', { mode: 0o755 }]],
      own: { replaces: 'tool' },
    }
    const replaced = plan([tool, better])
    expect(at(replaced, 'usr/bin/alias')).toEqual(['file', undefined, 'usr/bin/tool'])
    expect(replaced.root.get('usr/bin/tool')?.origin).toMatchObject({ package: 'better' })
    const deleted = plan([tool], { paths: [{ type: 'delete', path: '/usr/bin/tool' }] })
    expect(at(deleted, 'usr/bin/alias')).toEqual(['file', undefined, 'usr/bin/tool'])
  })

  test('go with a script that has no interpreter', () => {
    const image = plan([
      {
        name: 'script',
        files: [
          ['usr/lib/x/run', '#!/usr/bin/python3\n', { mode: 0o755 }],
          link('usr/lib/x/again', 'usr/lib/x/run'),
        ],
      },
    ])
    expect(paths(image)).not.toContain('usr/lib/x/run')
    expect(paths(image)).not.toContain('usr/lib/x/again')
  })

  test.each([
    [[link('usr/bin/a', 'usr/bin/absent')]],
    [[link('usr/bin/a', 'usr/bin/b'), ['usr/bin/b', 'x'] as const]],
    [['usr/lib/', link('usr/bin/a', 'usr/lib')]],
  ])('to what the archive does not have before them are refused (%#)', (files) => {
    expect(() => plan([{ name: 'broken', files }])).toThrow('does not come before it')
  })

  test('of the recipe to a file that it removes afterwards are refused', () => {
    const file = { type: 'file', path: '/data/motd', content: 'x', mode: 0o644, uid: 0, gid: 0 } as const
    expect(() =>
      plan([], {
        paths: [
          file,
          { type: 'hardlink', path: '/data/again', source: '/data/motd' },
          { type: 'delete', path: '/data/motd' },
        ],
      }),
    ).toThrow('removed or replaced later')
  })
})
