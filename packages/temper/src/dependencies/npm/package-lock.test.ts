import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NpmEnvironment } from './graph.ts'
import { readOwnPackages, readPackageLock } from './package-lock.ts'

const integrity = `sha512-${Buffer.alloc(64, 1).toString('base64')}`
const entry = (more: object = {}) => ({ version: '1.0.0', integrity, ...more })
const here: NpmEnvironment = { architecture: 'amd64', libc: 'glibc' }
const read = (packages: object, environment = here) =>
  readPackageLock(JSON.stringify({ lockfileVersion: 3, packages }), environment, 'package-lock.json')
const places = (packages: object, environment = here) => read(packages, environment).map(({ place }) => place)
const one = (more: object) => read({ 'node_modules/a': entry(more) })

describe('what a project is run with', () => {
  // As `npm ci --omit=dev` has it (arborist: dev, or optional where it does not fit).
  it.each<[string, object, boolean]>([
    ['a dependency', {}, true],
    ['for development', { dev: true }, false],
    ['a peer that nothing else asks for', { peer: true }, true],
    ['a peer of what is for development', { peer: true, dev: true }, false],
    ['optional', { optional: true }, true],
    ['optional, and for development elsewhere', { devOptional: true }, true],
    ['optional of what is for development', { optional: true, dev: true }, false],
    ['optional, for another system', { optional: true, os: ['darwin'] }, false],
    ['optional or for development, for another system', { devOptional: true, os: ['win32'] }, false],
    ['bundled, which lies in the tarball of another', { inBundle: true }, false],
  ])('%s', (_, more, isInstalled) => {
    expect(one(more)).toHaveLength(isInstalled ? 1 : 0)
  })
})

describe('which machines a package is for', () => {
  const arm: NpmEnvironment = { architecture: 'arm64', libc: 'musl' }
  // npm-install-checks: none of the names with "!", and one of the others where there are some.
  it.each<[object, boolean, boolean]>([
    [{ os: ['linux'] }, true, true],
    [{ os: 'linux' }, true, true],
    [{ os: ['any'] }, true, true],
    [{ os: [] }, true, true],
    [{ os: ['darwin', 'linux'] }, true, true],
    [{ os: ['!win32', '!darwin'] }, true, true],
    [{ os: ['!linux'] }, false, false],
    [{ os: ['linux', '!linux'] }, false, false],
    [{ cpu: ['x64'] }, true, false],
    [{ cpu: ['arm64'] }, false, true],
    [{ cpu: ['!x64'] }, false, true],
    [{ libc: ['glibc'] }, true, false],
    [{ libc: ['musl'] }, false, true],
    [{ os: ['linux'], cpu: ['x64', 'arm64'], libc: ['musl', 'glibc'] }, true, true],
    [{ os: 7, cpu: { x64: true }, libc: [null] }, true, true],
  ])('%j: amd64 %s, arm64 with musl %s', (more, onAmd, onArm) => {
    const packages = { 'node_modules/a': entry({ ...more, optional: true }) }
    expect([places(packages).length === 1, places(packages, arm).length === 1]).toEqual([onAmd, onArm])
  })
})

describe('packages of the workspace', () => {
  const workspace = {
    '': { workspaces: ['packages/*'] },
    'node_modules/@w/own': { resolved: 'packages/own', link: true },
    'packages/own': { name: '@w/own', version: '1.0.0', dependencies: { a: '^2' } },
    'node_modules/a': entry(),
    'packages/own/node_modules/a': entry({ version: '2.0.0' }),
    'packages/own/node_modules/a/node_modules/b': entry(),
    'packages/own/node_modules/dev': entry({ dev: true }),
  }
  const own = (packages: object) =>
    readOwnPackages(JSON.stringify({ lockfileVersion: 3, packages }), here, 'package-lock.json')

  it('are left to the recipe, and what npm put beside their files lies where these are to be', () => {
    expect(places(workspace)).toEqual([
      'node_modules/a',
      'node_modules/@w/own/node_modules/a',
      'node_modules/@w/own/node_modules/a/node_modules/b',
    ])
    expect(own(workspace)).toEqual([{ name: '@w/own', folder: 'packages/own', needs: [] }])
  })

  it.each(['../own', '/packages/own', 'packages/../own', 'packages//own', 'node_modules/a', 'gone', ''])(
    'are none that lead to %j',
    (resolved) => {
      const packages = { 'node_modules/own': { resolved, link: true }, [resolved]: entry() }
      const all = resolved === 'gone' ? { 'node_modules/own': { resolved, link: true } } : packages
      expect(own(all)).toEqual([])
      expect(() => places(all)).toThrow('package-lock.json: ')
    },
  )

  it.each(['node_modules/..', 'node_modules/a/b', 'own', 'node_modules/.bin'])(
    'are none that would lie at %j',
    (place) => {
      const packages = { [place]: { resolved: 'packages/own', link: true }, 'packages/own': entry() }
      expect(own(packages)).toEqual([])
      expect(() => places(packages)).toThrow('expected a folder below node_modules')
    },
  )
})

describe('names and places', () => {
  it('of an alias are its folder, and the name of the package in it', () => {
    const [installed] = read({ 'node_modules/old': entry({ name: '@s/real', version: '2.0.0' }) })
    expect(installed).toMatchObject({
      place: 'node_modules/old',
      name: '@s/real',
      files: [{ name: 'real-2.0.0.tgz' }],
    })
  })

  it.each(['../a', 'a/b', '@s/a/b', '@s/..', '.hidden', 'a\u001b[31m', 'a b', '', 'a'.repeat(300)])(
    'are refused that no registry has: %j',
    (name) => {
      expect(() => one({ name })).toThrow(
        expect.objectContaining({
          code: 'bad-recipe',
          message: expect.stringContaining('package-lock.json'),
        }),
      )
    },
  )

  it.each(['1.0.0/../../x', '1.0.0?x', '', ' 1', '1'.repeat(300)])('and the version %j is', (version) => {
    expect(() => one({ version })).toThrow(expect.objectContaining({ code: 'bad-recipe' }))
  })

  it.each([
    ['node_modules/a', true],
    ['node_modules/@scope/a.b', true],
    ['node_modules/a/node_modules/@s/b/node_modules/c', true],
    ['node_modules/Old_Name', true],
    ['node_modules/', false],
    ['node_modules/a/b', false],
    ['node_modules/a/../b', false],
    ['/node_modules/a', false],
    ['x/node_modules/a', false],
    ['node_modules/a/node_modules', false],
    ['node_modules/@s', false],
    ['node_modules/.bin', false],
    [`node_modules/a${'/node_modules/a'.repeat(80)}`, false],
  ])('the place %s: taken %s', (place, isTaken) => {
    const act = () => places({ [place]: entry() })
    if (isTaken) expect(act()).toEqual([place])
    else expect(act).toThrow('expected a folder below node_modules')
  })
})

describe('digests', () => {
  const b64 = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64')
  it('are all that the lock gives of the kinds that count', () => {
    const text = `sha1-${b64(20)} sha512-${b64(64)} sha256-${b64(32)}  sha384-${b64(48)}`
    expect(one({ integrity: text })[0]?.hashes).toEqual([
      `sha512:${'07'.repeat(64)}`,
      `sha256:${'07'.repeat(32)}`,
      `sha384:${'07'.repeat(48)}`,
    ])
  })

  it('may be a SHA-1, where there is no other', () => {
    expect(one({ integrity: `md5-AAAA sha1-${b64(20)}` })[0]?.hashes).toEqual([`sha1:${'07'.repeat(20)}`])
  })

  it.each([
    undefined,
    '',
    'sha1-AAAA',
    `sha1-${b64(32)}`,
    `sha512-${b64(20)}`,
    'md5-AAAA',
    7,
    'sha512-',
    `sha512-${'!'.repeat(88)}`,
  ])('are needed: %j is none', (value) => {
    expect(() => one({ integrity: value })).toThrow('expected version and integrity')
  })
})

it('whatever a lock holds is read, or refused with what is wrong', () => {
  const place = fc.oneof(fc.constant('node_modules/a'), fc.string())
  const member = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constant(integrity), fc.constant('1.0.0'))
  const members = ['version', 'integrity', 'resolved', 'name', 'os', 'cpu', 'dev', 'optional', 'link']
  const packages = fc.dictionary(
    place,
    fc.oneof(
      fc.record(Object.fromEntries(members.map((name) => [name, member])), { requiredKeys: [] }),
      member,
    ),
  )
  fc.assert(
    fc.property(packages, (value) => {
      try {
        for (const installed of read(value)) expect(installed.hashes.length).toBeGreaterThan(0)
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-recipe' })
      }
    }),
    { numRuns: 300 },
  )
})
