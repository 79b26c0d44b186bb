import { describe, expect, it } from 'vitest'
import { installedPart, type NpmEnvironment } from './graph.ts'
import { folderName, layIsolated } from './isolated.ts'
import { readPnpmLock } from './pnpm-lock.ts'

const integrity = `sha512-${Buffer.alloc(64, 1).toString('base64')}`
const here: NpmEnvironment = { architecture: 'amd64', libc: 'glibc' }

const nine = `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      '@s/a': {specifier: ^1, version: 1.0.0(p@2.0.0)}
      p: {specifier: ^2, version: 2.0.0}
      other: {specifier: 'npm:real@3', version: real@3.0.0}
    optionalDependencies:
      native: {specifier: '*', version: 1.0.0}
    devDependencies:
      dev: {specifier: 'github:x/y', version: https://codeload.example/x/y/tar.gz/abc}
  apps/web:
    dependencies:
      p: {specifier: ^1, version: 1.0.0}
      own: {specifier: 'workspace:*', version: link:../../../own}
  apps/site:
    dependencies:
      p: {specifier: ^1, version: 1.0.0}
      '@w/own': {specifier: 'workspace:*', version: link:../../packages/own}
    devDependencies:
      lint: {specifier: 'workspace:*', version: link:../../packages/lint}
  packages/own:
    dependencies:
      '@s/a': {specifier: ^1, version: 1.0.0(p@packages+base)}
      base: {specifier: 'workspace:*', version: link:../base}
    devDependencies:
      p: {specifier: ^2, version: 2.0.0}
  packages/base:
    dependencies:
      '@w/own': {specifier: 'workspace:*', version: link:../own}
      p: {specifier: ^2, version: 2.0.0}
  packages/lint:
    dependencies:
      p: {specifier: ^2, version: 2.0.0}
packages:
  '@s/a@1.0.0':
    resolution: {integrity: ${integrity}}
    peerDependencies: {p: '*'}
  p@1.0.0: {resolution: {integrity: ${integrity}}}
  p@2.0.0: {resolution: {integrity: ${integrity}}}
  real@3.0.0: {resolution: {integrity: ${integrity}, tarball: 'https://other.example/real.tgz'}}
  native@1.0.0: {resolution: {integrity: ${integrity}}}
  native-arm@1.0.0: {resolution: {integrity: ${integrity}}, cpu: [arm64], os: [linux]}
  native-x64@1.0.0: {resolution: {integrity: ${integrity}}, cpu: [x64], os: [linux]}
snapshots:
  '@s/a@1.0.0(p@2.0.0)': {dependencies: {p: 2.0.0, deep: real@3.0.0}}
  '@s/a@1.0.0(p@packages+base)': {dependencies: {base: link:packages/base, deep: real@3.0.0}}
  p@1.0.0: {}
  p@2.0.0: {}
  real@3.0.0: {}
  native@1.0.0: {optionalDependencies: {native-arm: 1.0.0, native-x64: 1.0.0}}
  native-arm@1.0.0: {optional: true}
  native-x64@1.0.0: {optional: true}
`

const withTool = `lockfileVersion: '9.0'
importers:
  .:
    devDependencies:
      p: {specifier: ^2, version: 2.0.0}
packages:
  p@2.0.0: {resolution: {integrity: ${integrity}}}
snapshots:
  p@2.0.0: {}
`

const laid = (text: string, folder = '.', environment = here) =>
  layIsolated(
    installedPart(
      readPnpmLock(text, { file: 'pnpm-lock.yaml', folder, environment }),
      (node) => node.fits !== false,
    ),
  )

describe('a lock of pnpm', () => {
  it('that has a name twice is refused: a reviewer may have seen the other one', () => {
    expect(() => laid(withTool.replace('snapshots:', 'packages: {}\nsnapshots:'))).toThrow(
      'pnpm-lock.yaml, line 8: the key "packages" is there twice in one map',
    )
  })

  it('has what only development needs where it is wanted', () => {
    const places = (environment: NpmEnvironment) => laid(withTool, '.', environment).length
    expect(places(here)).toBe(0)
    expect(places({ ...here, dev: true })).toBe(1)
  })

  it('is laid out as pnpm does: each by itself, links to what it needs', () => {
    const placed = laid(nine).map(({ node, place, links = [] }) => [node.name, place, ...links])
    expect(placed.sort()).toEqual([
      ['@s/a', 'node_modules/.pnpm/@s+a@1.0.0_p@2.0.0/node_modules/@s/a', 'node_modules/@s/a'],
      ['native', 'node_modules/.pnpm/native@1.0.0/node_modules/native', 'node_modules/native'],
      [
        'native-x64',
        'node_modules/.pnpm/native-x64@1.0.0/node_modules/native-x64',
        'node_modules/.pnpm/native@1.0.0/node_modules/native-x64',
        'node_modules/.pnpm/node_modules/native-x64',
      ],
      [
        'p',
        'node_modules/.pnpm/p@2.0.0/node_modules/p',
        'node_modules/.pnpm/@s+a@1.0.0_p@2.0.0/node_modules/p',
        'node_modules/p',
      ],
      [
        'real',
        'node_modules/.pnpm/real@3.0.0/node_modules/real',
        'node_modules/.pnpm/@s+a@1.0.0_p@2.0.0/node_modules/deep',
        'node_modules/.pnpm/node_modules/deep',
        'node_modules/other',
      ],
    ])
  })

  it('has other optional packages for another machine', () => {
    const names = laid(nine, '.', { architecture: 'arm64', libc: 'musl' }).map(({ node }) => node.name)
    expect(names).toContain('native-arm')
    expect(names).not.toContain('native-x64')
  })

  it('has the packages of its own workspace that a project needs, with what these need to run', () => {
    const graph = readPnpmLock(nine, { file: 'pnpm-lock.yaml', folder: 'apps/site', environment: here })
    expect(graph.own?.map(({ name, folder, needs }) => [name, folder, needs.map(({ key }) => key)])).toEqual([
      ['@w/own', 'packages/own', ['@s/a@1.0.0(p@packages+base)']],
      ['base', 'packages/base', ['p@2.0.0']],
    ])
    expect(
      laid(nine, 'apps/site')
        .map(({ node, links }) => [node.key, ...(links ?? [])])
        .sort(),
    ).toEqual([
      ['@s/a@1.0.0(p@packages+base)', 'node_modules/@w/own/node_modules/@s/a'],
      ['p@1.0.0', 'node_modules/p'],
      ['p@2.0.0', 'node_modules/base/node_modules/p'],
      [
        'real@3.0.0',
        'node_modules/.pnpm/@s+a@1.0.0_p@packages+base/node_modules/deep',
        'node_modules/.pnpm/node_modules/deep',
      ],
    ])
    const dev = laid(nine, 'apps/site', { ...here, dev: true }).flatMap(({ links }) => links ?? [])
    expect(dev).toContain('node_modules/lint/node_modules/p')
  })

  it('is read in version 6 too', () => {
    const six = `lockfileVersion: '6.0'
dependencies:
  a: {specifier: ^1, version: 1.0.0(b@2.0.0)}
  c: {specifier: 'npm:b@2', version: /b@2.0.0}
packages:
  /a@1.0.0(b@2.0.0): {resolution: {integrity: ${integrity}}, dependencies: {b: 2.0.0}, requiresBuild: true}
  /b@2.0.0: {resolution: {integrity: ${integrity}}}
  /dev@1.0.0: {resolution: {integrity: ${integrity}}, dev: true}
`
    expect(laid(six).map(({ place, node }) => [place, node.hasInstallScript])).toEqual([
      ['node_modules/.pnpm/b@2.0.0/node_modules/b', false],
      ['node_modules/.pnpm/a@1.0.0_b@2.0.0/node_modules/a', true],
    ])
  })

  it('may have a document before it that locks pnpm itself', () => {
    expect(laid(`---\nlockfileVersion: '9.0'\nimporters: {}\n---\n${nine}`)).toHaveLength(5)
  })

  it.each([
    [
      nine
        .replace('native-x64: 1.0.0}', 'gone: 1.0.0}')
        .replace('optionalDependencies: {native-arm', 'dependencies: {x'),
      '.',
      'which the lock file does not have',
    ],
    [nine, 'apps/none', 'it has no project "apps/none", found ., apps/web'],
    [nine, 'apps/web', 'own is a folder (link:../../../own)'],
    [
      nine.replace('link:../../packages/own', 'link:/packages/own'),
      'apps/site',
      'is a folder (link:/packages/own)',
    ],
    [nine.replace('link:../../packages/own', 'file:../../packages/own'), 'apps/site', 'is a folder (file:'],
    [
      nine.replace('base: link:packages/base', 'base: link:packages/own'),
      'apps/site',
      'base is a folder (link:packages/own)',
    ],
    [
      nine.replace('link:../own}', 'link:../lint}'),
      'apps/site',
      '@w/own is packages/own and packages/lint at once',
    ],
    [nine.replace("'9.0'", '5.4'), '.', 'expected a lock of version 6 or 9, found 5.4'],
    [nine.replaceAll(integrity, 'sha1-AAAA'), '.', 'expected a digest of the package'],
    [
      nine
        .replaceAll('cpu: [x64]', 'cpu: [mips]')
        .replace('optionalDependencies: {native-arm', 'dependencies: {native-arm'),
      '.',
      'is for other platforms',
    ],
    [nine.replaceAll("'@s/a'", "'@s/../../a'"), '.', 'is not a package'],
    [nine.replaceAll('p: {specifier: ^2', "'..': {specifier: ^2"), '.', 'is not a package'],
    [nine.replaceAll('real@3.0.0', '..@3.0.0'), '.', 'expected the name and version of a package'],
    [nine.replaceAll('p@2.0.0)', 'p@2.0.0)(patch_hash=abc)'), '.', 'is patched'],
    ['lockfileVersion: &a [*a]\n', '.', 'aliases'],
    ['[1]', '.', 'expected a map'],
    ['a: b: c', '.', 'line 1: this is not valid YAML'],
  ])('%# is refused', (text, folder, message) => {
    expect(() => laid(text, folder)).toThrow(message)
  })
})

describe('a folder below .pnpm', () => {
  it.each([
    ['@babel/helper@7.26.0(@babel/core@7.29.0(x@1.0.0))', '@babel+helper@7.26.0_@babel+core@7.29.0_x@1.0.0_'],
    ['a@1.0.0(b@2.0.0)(c@3.0.0)', 'a@1.0.0_b@2.0.0_c@3.0.0'],
    ['a@https://x.example/y.tgz', 'a@https+++x.example+y.tgz'],
  ])('of %s has a flat name', (key, name) => {
    expect(folderName(key)).toBe(name)
  })

  it('is short, and tells capitals apart', () => {
    const long = folderName(`a@1.0.0${'(b@2.0.0)'.repeat(40)}`)
    expect(long).toHaveLength(120)
    expect(folderName('JSONStream@1.0.0')).toMatch(/^JSONStream@1\.0\.0_[0-9a-f]{32}$/)
  })
})
