import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import type { Lock, LockedPackage } from '../../model/lock.ts'
import { recipeChecksum } from '../normalise/checksum.ts'
import { parseRecipe } from '../read.ts'
import { compareLocks } from './changes.ts'
import { checkLockFits, lockedPlatform } from './fit.ts'
import { formatLock, parseLock } from './lock-file.ts'

const file = 'web/recipe.lock.json'
const recipe = parseRecipe('contents: {packages: [nginx]}', { file: 'web/recipe.yaml' })

function locked(name: string, version: string): LockedPackage {
  return {
    name,
    version,
    architecture: 'amd64',
    source: { name, version },
    digest: `sha256:${Buffer.from(name + version)
      .toString('hex')
      .padEnd(64, '0')
      .slice(0, 64)}`,
    size: 1234,
    installedSize: 5678,
    origin: {
      repository: 'debian',
      suite: 'trixie',
      component: 'main',
      location: `pool/main/${name}_${version}.deb`,
    },
    wantedBy: 'recipe',
  }
}

const lock: Lock = {
  formatVersion: 1,
  recipe: {
    name: 'web',
    checksum: recipeChecksum(recipe),
    files: [{ name: 'files/a', digest: `sha256:${'a'.repeat(64)}`, size: 0 }],
  },
  distribution: 'debian-13',
  compressor: { format: 'gzip', level: 6, definition: 'pako-3.0.3' },
  suites: [
    {
      repository: 'debian',
      address: 'http://mirror.example/debian',
      suite: 'trixie',
      components: ['main'],
      digest: `sha256:${'b'.repeat(64)}`,
      date: '2026-01-02T03:04:05Z',
      signedBy: ['0123456789ABCDEF0123456789ABCDEF01234567'],
    },
  ],
  platforms: [
    {
      platform: 'linux/amd64',
      packages: [locked('libc6', '2.41-12'), locked('nginx', '1:1.26.3-3+deb13u1~x')],
      pruned: [{ name: 'dpkg', version: '1.22', reason: 'installs packages' }],
      effects: [{ effect: 'ca-bundle', detail: '142 certificates' }],
      unmodelledEffects: [
        { package: 'nginx', script: 'postinst', line: 3, command: 'invoke-rc.d nginx start' },
      ],
    },
  ],
}

/** A copy with one place changed; `path` like "platforms.0.packages". */
function changed(path: string, value: unknown): string {
  const copy: unknown = structuredClone(lock)
  const names = path.split('.')
  const last = names.pop() ?? ''
  const holder = names.reduce((at, name) => (at as Record<string, unknown>)[name], copy) as Record<
    string,
    unknown
  >
  if (value === undefined) delete holder[last]
  else holder[last] = value
  return JSON.stringify(copy)
}

function failure(read: () => unknown): TemperError {
  try {
    read()
  } catch (error) {
    if (error instanceof TemperError) return error
    throw error
  }
  throw new Error('was accepted')
}

describe('formatLock and parseLock', () => {
  it('give back what they were given', () => {
    expect(parseLock(formatLock(lock), { file })).toEqual(lock)
  })

  it.each(['./', 'trixie/amd64/'])('keep flat repositories (%s)', (suite) => {
    const suites = lock.suites.map((each) => ({ ...each, suite, components: [] }))
    const nginx = locked('nginx', '1')
    const packages = [{ ...nginx, origin: { ...nginx.origin, suite, component: '' } }]
    const platforms = lock.platforms.map((each) => ({ ...each, packages }))
    const flat = { ...lock, suites, platforms }
    expect(parseLock(formatLock(flat), { file })).toEqual(flat)
  })

  it.each(['file:///srv/debian', 'file://recipe/own%20mirror'])(
    'keep folders as archives (%s)',
    (address) => {
      const folders = { ...lock, suites: lock.suites.map((suite) => ({ ...suite, address })) }
      expect(parseLock(formatLock(folders), { file })).toEqual(folders)
    },
  )

  it('keep build steps and what they made', () => {
    const [platform] = lock.platforms
    if (platform === undefined) throw new Error('no platform')
    const steps = [
      {
        name: 'compile',
        packages: [locked('gcc', '14')],
        outputs: [
          { name: 'a file', type: 'file', digest: `sha256:${'c'.repeat(64)}`, size: 1 },
          { name: 'out', type: 'directory' },
          { name: 'out/link', type: 'symlink', target: '../x' },
          { name: 'out/x', type: 'file', executable: true, digest: `sha256:${'d'.repeat(64)}`, size: 0 },
        ],
      },
    ] as const
    const stepped: Lock = { ...lock, platforms: [{ ...platform, steps }] }
    expect(parseLock(formatLock(stepped), { file })).toEqual(stepped)
    const refused = (output: object) => {
      const value = [{ name: 'compile', packages: [], outputs: [output] }]
      return failure(() => parseLock(changed('platforms.0.steps', value), { file })).message
    }
    expect(refused({ name: '../x', type: 'directory' })).toContain('expected a path below the folder')
    expect(refused({ name: 'x', type: 'fifo' })).toContain('"file", "directory" or "symlink"')
    expect(refused({ name: 'x', type: 'file', size: 1 })).toContain('digest: expected a digest')
    expect(
      refused({ name: 'x', type: 'file', executable: false, digest: `sha256:${'c'.repeat(64)}`, size: 1 }),
    ).toContain('executable: expected true')
    expect(refused({ name: 'x', type: 'directory', size: 1 })).toContain('size: unknown member')
  })

  it('do not depend on the order of packages, suites and keys', () => {
    const [platform] = lock.platforms
    if (platform === undefined) throw new Error('no platform')
    const shuffled: Lock = { ...lock, platforms: [{ ...platform, packages: platform.packages.toReversed() }] }
    expect(formatLock(shuffled)).toBe(formatLock(lock))
    const other = Object.fromEntries(Object.entries(lock).toReversed()) as unknown as Lock
    expect(formatLock(other)).toBe(formatLock(lock))
    expect(formatLock(lock).endsWith('}\n')).toBe(true)
  })

  it('read every name and version that an index may hold', () => {
    const [platform] = lock.platforms
    if (platform === undefined) throw new Error('no platform')
    const packages = [locked('Big_Name+x', '~1'), locked('R', '1'), locked('x-1.0', '+2:3')]
    const wide = { ...lock, platforms: [{ ...platform, packages }] }
    expect(parseLock(formatLock(wide), { file })).toEqual(wide)
  })

  it('read packages in one order, whatever the order of the file', () => {
    const text = changed('platforms.0.packages', lock.platforms[0]?.packages.toReversed())
    expect(parseLock(text, { file })).toEqual(lock)
  })
})

const bad: readonly (readonly [place: string, value: unknown, message: string])[] = [
  ['formatVersion', 2, 'expected a lock of format version 1, found 2'],
  ['formatVersion', '1', 'expected a lock of format version 1, found "1"'],
  ['formatVersion', undefined, 'formatVersion: expected a whole number of at least 1, found nothing'],
  ['extra', 1, 'extra: unknown member'],
  ['recipe.name', 'Web', 'recipe.name: expected the name of an image'],
  ['recipe.checksum', 'sha256:0', 'recipe.checksum: expected a digest'],
  ['recipe.files.0.size', -1, 'recipe.files[0].size: expected a whole number of at least 0, found -1'],
  ['recipe.files.0.size', 0.5, 'found 0.5'],
  ['compressor.format', 'xz', 'compressor.format: expected "gzip" or "zstd"'],
  ['suites.0.signedBy', ['abc'], 'suites[0].signedBy: expected fingerprints'],
  ['suites.0.address', '/a', 'suites[0].address: expected an address'],
  ['suites.0.address', 'ftp://a', 'suites[0].address: expected an address'],
  ['suites.0.suite', '../x', 'suites[0].suite: expected a suite'],
  ['suites.0.suite', './x/', 'suites[0].suite: expected a suite'],
  ['suites.0.suite', '/', 'suites[0].suite: expected a suite'],
  ['suites.0.date', 'yesterday', 'suites[0].date: expected a time'],
  ['platforms', {}, 'platforms: expected a list'],
  ['platforms', [lock.platforms[0], lock.platforms[0]], 'each platform once'],
  ['platforms.0', null, 'platforms[0]: expected an object, found null'],
  ['platforms.0.platform', 'linux/s390x', 'platforms[0].platform: expected "linux/amd64"'],
  ['platforms.0.packages', [locked('aa', '1'), locked('aa', '1')], 'each package once'],
  ['platforms.0.packages.1.digest', undefined, 'platforms[0].packages[1].digest: expected a digest'],
  ['platforms.0.packages.1.size', 0, 'expected a whole number of at least 1'],
  ['platforms.0.packages.1.version', '1 2', 'expected a version'],
  ['platforms.0.packages.1.architecture', '../x', 'expected an architecture'],
  ['platforms.0.packages.1.origin.location', '../../etc/passwd', 'expected a path below the repository'],
  ['platforms.0.packages.1.origin.location', '/abs', 'expected a path below the repository'],
  ['platforms.0.packages.1.origin.location', 'a//b', 'expected a path below the repository'],
  ['platforms.0.packages.1.name', 'x\u001b[31m', 'expected the name of a package'],
  ['platforms.0.effects.0.detail', 'x\u001b[31m', 'effects[0].detail: expected text'],
  ['platforms.0.unmodelledEffects.0.line', 0, 'expected a whole number of at least 1'],
]

describe('bad locks', () => {
  it.each(bad)('%s (%#)', (place, value, message) => {
    const error = failure(() => parseLock(changed(place, value), { file }))
    expect(error.code).toBe('bad-lock')
    expect(error.message).toContain(message)
    expect(error.message.startsWith(`${file}: `)).toBe(true)
    expect(error.next).toEqual({ action: 'make-lock' })
  })

  it('damaged JSON', () => {
    expect(failure(() => parseLock(formatLock(lock).slice(0, -10), { file })).message).toContain(
      'the lock is damaged: expected JSON, found text that is not JSON',
    )
    expect(failure(() => parseLock('<<<<<<< HEAD\n{}', { file })).message).toContain('merge conflict')
    expect(failure(() => parseLock('[]', { file })).message).toContain('expected an object')
  })

  it('every single change of a valid lock is refused or read', () => {
    const text = formatLock(lock)
    const position = fc.nat(text.length - 1)
    fc.assert(
      fc.property(position, fc.constantFrom('', '"', '0', '}', ',', 'x'), (at, put) => {
        try {
          parseLock(text.slice(0, at) + put + text.slice(at + 1), { file })
        } catch (error) {
          expect(error).toBeInstanceOf(TemperError)
        }
      }),
    )
  })
})

describe('a lock and its recipe', () => {
  it('fit when the recipe means the same', () => {
    const same = parseRecipe('# new comment\ncontents:\n  packages:\n    - nginx\ntests: [{name: a}]\n', {
      file: 'web/recipe.yaml',
    })
    expect(() => checkLockFits(lock, same, { file })).not.toThrow()
  })

  it('do not fit when the recipe changed', () => {
    const other = parseRecipe('contents: {packages: [nginx, tzdata]}', { file: 'web/recipe.yaml' })
    const error = failure(() => checkLockFits(lock, other, { file }))
    expect(error.code).toBe('bad-lock')
    expect(error.message).toContain('the recipe changed since this lock was made')
    expect(error.next).toEqual({ action: 'make-lock' })
  })

  it('do not fit when the lock is of another recipe', () => {
    const other = parseRecipe('contents: {packages: [nginx]}', { file: 'db/recipe.yaml' })
    expect(failure(() => checkLockFits(lock, other, { file })).message).toContain(
      'is the lock of "web", not of "db"',
    )
  })

  it('name the platforms that there are', () => {
    expect(lockedPlatform(lock, { os: 'linux', architecture: 'amd64' }, { file })).toBe(lock.platforms[0])
    const error = failure(() => lockedPlatform(lock, { os: 'linux', architecture: 'arm64' }, { file }))
    expect(error.message).toBe(`${file}: has no packages for linux/arm64; it has linux/amd64`)
  })
})

describe('compareLocks', () => {
  it('says what is added, removed and changed', () => {
    const [platform] = lock.platforms
    if (platform === undefined) throw new Error('no platform')
    const after: Lock = {
      ...lock,
      platforms: [{ ...platform, packages: [locked('libc6', '2.41-13'), locked('zlib1g', '1.3')] }],
    }
    expect(
      compareLocks(lock, after).map(({ kind, name, from, to }) => [kind, name, from?.version, to?.version]),
    ).toEqual([
      ['changed', 'libc6', '2.41-12', '2.41-13'],
      ['removed', 'nginx', '1:1.26.3-3+deb13u1~x', undefined],
      ['added', 'zlib1g', undefined, '1.3'],
    ])
    expect(compareLocks(lock, lock)).toEqual([])
    expect(compareLocks(undefined, lock).map(({ kind }) => kind)).toEqual(['added', 'added'])
  })
})
