import { readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { TemperError } from '../../base/error.ts'
import {
  cleanUp,
  makeKey,
  makeWorld,
  publish,
  publishDebian,
  type SigningKey,
  startMirror,
  temporaryFolder,
} from './fixtures/mirror.ts'

let key: SigningKey
let otherKey: SigningKey
beforeAll(async () => {
  key = await makeKey()
  otherKey = await makeKey()
})
afterEach(cleanUp)

const packages = [
  { name: 'nginx', version: '1.26.3-3', fields: { Depends: 'libc6 (>= 2.41), a | b', Provides: 'httpd' } },
  { name: 'tzdata', architecture: 'all', fields: { Source: 'tz (2026a-1)' } },
  { name: 'arm-only', architecture: 'arm64' },
]

async function failure(promise: Promise<unknown>): Promise<TemperError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(TemperError)
  return error as TemperError
}

async function goodMirror() {
  const mirror = await startMirror()
  await publishDebian(mirror, { key, packages })
  return mirror
}

describe('a good mirror', () => {
  test('gives packages with what they need, and the suites for the lock', async () => {
    const mirror = await goodMirror()
    const world = await makeWorld(key)
    const source = world.source([mirror])
    const index = await source.index('amd64')
    expect([...index.names()]).toEqual(['nginx', 'tzdata'])
    const [nginx] = index.versions('nginx')
    expect(nginx).toMatchObject({
      version: '1.26.3-3',
      depends: [[{ name: 'libc6', relation: '>=', version: '2.41' }], [{ name: 'a' }, { name: 'b' }]],
      origin: {
        repository: 'debian',
        suite: 'trixie',
        component: 'main',
        location: 'pool/main/n/nginx/nginx_1.26.3-3_amd64.deb',
      },
    })
    expect(index.providers('httpd')).toEqual([nginx])
    expect(index.versions('tzdata')[0]?.source).toEqual({ name: 'tz', version: '2026a-1' })
    expect(index.versions('arm-only')).toEqual([])
    expect(index.versions('nothing')).toEqual([])
    expect(source.keys()).toEqual([key.fingerprint])
    expect(source.suites().map(({ repository, suite }) => [repository, suite])).toEqual([
      ['debian', 'trixie'],
      ['debian', 'trixie-updates'],
      ['debian-security', 'trixie-security'],
    ])
    expect(source.suites()[0]).toMatchObject({ address: mirror.address, date: '2026-06-01T06:00:00Z' })
  })

  test('is asked only for what the cache does not have', async () => {
    const mirror = await goodMirror()
    const world = await makeWorld(key)
    await world.source([mirror]).index('amd64')
    mirror.requests.length = 0
    await world.source([mirror]).index('amd64')
    expect(mirror.requests.sort()).toEqual([
      'dists/trixie-security/InRelease',
      'dists/trixie-updates/InRelease',
      'dists/trixie/InRelease',
    ])
  })

  test('serves several architectures of one state', async () => {
    const mirror = await goodMirror()
    const source = (await makeWorld(key)).source([mirror], { architectures: ['amd64', 'arm64'] })
    expect([...(await source.index('arm64')).names()]).toEqual(['arm-only', 'tzdata'])
    expect([...(await source.index('amd64')).names()]).toEqual(['nginx', 'tzdata'])
  })

  test('is not needed offline once the cache is filled', async () => {
    const mirror = await goodMirror()
    const world = await makeWorld(key)
    const access = { ...world.access, offline: true }
    const error = await failure(world.source([mirror], { access }).index('amd64'))
    expect(error.code).toBe('offline')
    const online = world.source([mirror])
    await online.index('amd64')
    mirror.requests.length = 0
    const later = new Date('2026-07-01T00:00:00Z')
    const source = world.source([mirror], { access, now: later })
    expect((await source.index('amd64')).versions('nginx')).toHaveLength(1)
    expect(source.suites()).toEqual(online.suites())
    expect(mirror.requests).toEqual([])
    expect(world.warnings.join()).toContain('was valid until 2026-06-08')
  })
})

describe('a mirror is refused', () => {
  type Case = readonly [title: string, code: string, change: Parameters<typeof publishDebian>[1]]
  const cases: readonly Case[] = [
    ['that is expired', 'release-expired', { fields: { 'Valid-Until': 'Mon, 01 Jun 2026 11:59:59 UTC' } }],
    ['that is not yet valid', 'release-expired', { fields: { Date: 'Mon, 01 Jun 2026 12:01:00 UTC' } }],
    ['that has another suite', 'bad-index', { fields: { Codename: 'sid', Suite: 'unstable' } }],
    ['whose suite has no name', 'bad-index', { fields: { Codename: undefined, Suite: undefined } }],
    ['that has no date', 'bad-index', { fields: { Date: undefined } }],
    ['whose date is none', 'bad-index', { fields: { Date: 'yesterday' } }],
    [
      'whose signature is from the future',
      'signature-invalid',
      { signedAt: new Date('2026-06-02T00:00:00Z') },
    ],
  ]
  test.each(cases)('%s', async (_title, code, change) => {
    const mirror = await startMirror()
    await publishDebian(mirror, { key, packages, ...change })
    const error = await failure((await makeWorld(key)).source([mirror]).index('amd64'))
    expect(error.code).toBe(code)
    expect(error.message).toContain(mirror.address)
    expect(error.hint).toBeTruthy()
  })

  test('that is not signed', async () => {
    const mirror = await startMirror()
    await publishDebian(mirror, { packages })
    const error = await failure((await makeWorld(key)).source([mirror]).index('amd64'))
    expect(error.code).toBe('signature-invalid')
    expect(error.message).toContain('does not start with a signed message')
  })

  test('that is signed by an unknown key', async () => {
    const mirror = await startMirror()
    await publishDebian(mirror, { key: otherKey, packages })
    const error = await failure((await makeWorld(key)).source([mirror]).index('amd64'))
    expect(error.code).toBe('signature-invalid')
    expect(error.message).toContain('is not trusted')
  })

  test('whose key has expired since it signed', async () => {
    const old = await makeKey({ created: new Date('2026-01-01T00:00:00Z'), lifetime: 100 * 24 * 3600 })
    const mirror = await startMirror()
    const signedAt = new Date('2026-03-01T00:00:00Z')
    await publishDebian(mirror, { key: old, packages, signedAt })
    const world = await makeWorld(old)
    const error = await failure(world.source([mirror]).index('amd64'))
    expect(error.code).toBe('signature-invalid')
    expect(error.message).toContain('expired')
    const then = world.source([mirror], { now: new Date('2026-03-01T12:00:00Z') })
    expect((await failure(then.index('amd64'))).code).toBe('release-expired')
  })

  test('that changed one byte of the signed text', async () => {
    const mirror = await goodMirror()
    const path = 'dists/trixie/InRelease'
    const text = String(mirror.files.get(path)).replace('Valid-Until: Mon, 08', 'Valid-Until: Mon, 09')
    mirror.files.set(path, Buffer.from(text))
    expect((await failure((await makeWorld(key)).source([mirror]).index('amd64'))).code).toBe(
      'signature-invalid',
    )
  })

  test('that adds text around the signed message', async () => {
    for (const change of [
      (text: string) => `Origin: evil\n\n${text}`,
      (text: string) => `${text}\nOrigin: evil\n`,
    ]) {
      const mirror = await goodMirror()
      const path = 'dists/trixie/InRelease'
      mirror.files.set(path, Buffer.from(change(String(mirror.files.get(path)))))
      const error = await failure((await makeWorld(key)).source([mirror]).index('amd64'))
      expect(error.code).toBe('signature-invalid')
    }
  })

  test('that goes back in time', async () => {
    const world = await makeWorld(key)
    await world.source([await goodMirror()]).index('amd64')
    const older = await startMirror()
    await publishDebian(older, { key, packages, fields: { Date: 'Sun, 31 May 2026 06:00:00 UTC' } })
    const error = await failure(world.source([older]).index('amd64'))
    expect(error.code).toBe('release-rollback')
    expect(error.message).toContain('2026-06-01')
    const [state] = await readdir(join(world.access.cacheDir, 'seen'))
    await writeFile(join(world.access.cacheDir, 'seen', String(state)), '{}')
    const damaged = await failure(world.source([await goodMirror()]).index('amd64'))
    expect(damaged.message).toContain('is damaged')
  })

  test.each([
    [
      'redirects without end',
      (_: string, response: import('node:http').ServerResponse) => {
        response.writeHead(302, { location: '/again' }).end()
      },
    ],
    [
      'stalls',
      (_: string, response: import('node:http').ServerResponse) => {
        response.writeHead(200, { 'content-length': '5000' })
        response.write('-----BEGIN PGP')
      },
    ],
    [
      'sends without end',
      (_: string, response: import('node:http').ServerResponse) => {
        const block = Buffer.alloc(1 << 20, 'x')
        const more = () => {
          while (response.writable && response.write(block)) {}
          if (response.writable) response.once('drain', more)
        }
        more()
      },
    ],
  ])(
    'that %s, and the next one is asked',
    async (_title, act) => {
      const bad = await startMirror()
      bad.behave = (path, _request, response) => {
        act(path, response)
        return true
      }
      const world = await makeWorld(key)
      const alone = await failure(world.source([bad]).index('amd64'))
      expect(['network', 'limit-exceeded']).toContain(alone.code)
      const index = await world.source([bad, await goodMirror()]).index('amd64')
      expect(index.versions('nginx')).toHaveLength(1)
    },
    30_000,
  )
})

describe('indices', () => {
  const indexPath = /binary-amd64\/(by-hash|Packages)/

  test('with wrong bytes are refused, and the next mirror is asked', async () => {
    const bad = await goodMirror()
    for (const [path, bytes] of bad.files) {
      if (indexPath.test(path)) bad.files.set(path, Buffer.alloc(bytes.length, 1))
    }
    const world = await makeWorld(key)
    const error = await failure(world.source([bad]).index('amd64'))
    expect(error.code).toBe('digest-mismatch')
    const good = await goodMirror()
    const source = world.source([bad, good])
    expect((await source.index('amd64')).versions('nginx')).toHaveLength(1)
    expect(source.suites()[0]?.address).toBe(good.address)
    expect(world.warnings.join('\n')).toContain(bad.address)
  })

  test('that are cut short, too long or not there are refused', async () => {
    const changes = [
      (bytes: Buffer) => bytes.subarray(0, -1),
      (bytes: Buffer) => Buffer.concat([bytes, bytes]),
    ]
    for (const change of changes) {
      const bad = await goodMirror()
      for (const [path, bytes] of bad.files) if (indexPath.test(path)) bad.files.set(path, change(bytes))
      const error = await failure((await makeWorld(key)).source([bad]).index('amd64'))
      expect(['digest-mismatch', 'limit-exceeded']).toContain(error.code)
    }
    const empty = await goodMirror()
    for (const path of [...empty.files.keys()]) if (indexPath.test(path)) empty.files.delete(path)
    const error = await failure((await makeWorld(key)).source([empty]).index('amd64'))
    expect(error.code).toBe('network')
  })

  test('are found by name when the mirror keeps none by hash', async () => {
    const mirror = await goodMirror()
    for (const path of [...mirror.files.keys()]) if (path.includes('by-hash')) mirror.files.delete(path)
    expect((await (await makeWorld(key)).source([mirror]).index('amd64')).versions('nginx')).toHaveLength(1)
  })

  test('of a mirror that switches to a new state midway are read from the new state', async () => {
    const mirror = await goodMirror()
    const before = new Map(mirror.files)
    mirror.files.clear()
    const newer = [{ name: 'nginx', version: '1.26.3-4' }]
    await publishDebian(mirror, { key, packages: newer, fields: { Date: 'Mon, 01 Jun 2026 07:00:00 UTC' } })
    let served = 0
    mirror.behave = (path, _request, response) => {
      const old = path === 'dists/trixie/InRelease' && served++ === 0 ? before.get(path) : undefined
      if (!old) return undefined
      response.end(old)
      return true
    }
    const source = (await makeWorld(key)).source([mirror])
    expect((await source.index('amd64')).versions('nginx')[0]?.version).toBe('1.26.3-4')
    expect(source.suites()[0]?.date).toBe('2026-06-01T07:00:00Z')
  })

  test('that are damaged in the cache are made anew', async () => {
    const mirror = await goodMirror()
    const world = await makeWorld(key)
    await world.source([mirror]).index('amd64')
    const folder = join(world.access.cacheDir, 'indices', 'v1')
    for (const name of await readdir(folder)) await truncate(join(folder, name), 20)
    expect((await world.source([mirror]).index('amd64')).versions('nginx')).toHaveLength(1)
  })

  test('that unpack to more than promised are refused', async () => {
    const mirror = await startMirror()
    await publishDebian(mirror, { key, packages })
    const bomb = await startMirror()
    await publishDebian(bomb, {
      key,
      packages: [{ name: 'a', fields: { Description: 'x'.repeat(100_000) } }],
    })
    const text = String(bomb.files.get('dists/trixie/InRelease'))
    const listed = /^ ([0-9a-f]{64}) (\d+) main\/binary-amd64\/Packages$/m
    const unsigned = text
      .replace(/^-----BEGIN PGP SIGNED[\s\S]*?\n\n/, '')
      .replace(/\n-----BEGIN PGP SIGNATURE[\s\S]*$/, '')
      .replace(listed, ` ${'0'.repeat(64)} 1000 main/binary-amd64/Packages`)
    bomb.files.set('dists/trixie/InRelease', Buffer.from(await key.sign(unsigned)))
    const error = await failure((await makeWorld(key)).source([bomb]).index('amd64'))
    expect(error.code).toBe('limit-exceeded')
  })
})

describe("a recipe's own repository", () => {
  async function withRepository(change: object) {
    const debian = await goodMirror()
    const own = await startMirror()
    await publish(own, { suite: 'stable', key: otherKey, packages: [{ name: 'own-tool' }] })
    const keyFile = join(await temporaryFolder(), 'own.asc')
    await writeFile(keyFile, otherKey.armored)
    const repository = { name: 'own', address: own.address, suite: 'stable', components: ['main'] }
    const world = await makeWorld(key)
    const source = (options = {}) =>
      world.source([debian], { repositories: [{ ...repository, key: keyFile, ...change }], ...options })
    return { debian, own, world, source, keyFile }
  }

  test('is read beside those of Debian', async () => {
    const { source } = await withRepository({})
    const opened = source()
    expect((await opened.index('amd64')).versions('own-tool')[0]?.origin.repository).toBe('own')
    expect(opened.keys()).toEqual([key.fingerprint, otherKey.fingerprint].sort())
  })

  test('must be signed by the pinned key', async () => {
    const pinned = await withRepository({ fingerprint: otherKey.fingerprint })
    expect((await pinned.source().index('amd64')).versions('own-tool')).toHaveLength(1)
    const wrong = await withRepository({ fingerprint: key.fingerprint })
    const error = await failure(wrong.source().index('amd64'))
    expect(error.code).toBe('signature-invalid')
    expect(error.message).toContain(key.fingerprint)
  })

  test('without a key is refused; the keyring of the recipe may have it', async () => {
    const { source, keyFile } = await withRepository({ key: undefined })
    expect((await failure(source().index('amd64'))).code).toBe('bad-recipe')
    expect((await source({ keyring: [keyFile] }).index('amd64')).versions('own-tool')).toHaveLength(1)
  })

  test('must not carry credentials in its address', async () => {
    const { source } = await withRepository({ address: 'http://me:geheim@mirror.example/debian' })
    const error = await failure(source().index('amd64'))
    expect(error.code).toBe('bad-recipe')
    expect(JSON.stringify([error.message, error.hint])).not.toContain('geheim')
  })

  test('gets credentials from the netrc file only', async () => {
    const { own, world, source } = await withRepository({})
    own.behave = (_path, request, response) => {
      if (request.headers.authorization === `Basic ${Buffer.from('me:secret').toString('base64')}`)
        return undefined
      response.writeHead(401).end()
      return true
    }
    expect((await failure(source().index('amd64'))).code).toBe('unauthorized')
    const url = new URL(own.address)
    const entry = {
      scheme: 'http',
      host: url.hostname,
      port: url.port,
      path: '',
      login: 'me',
      password: 'secret',
    }
    const access = { ...world.access, credentials: [entry] }
    expect((await source({ access }).index('amd64')).versions('own-tool')).toHaveLength(1)
  })

  test('may have a separate signature', async () => {
    const { own, source } = await withRepository({})
    const text = String(own.files.get('dists/stable/InRelease'))
      .replace(/^-----BEGIN PGP SIGNED[\s\S]*?\n\n/, '')
      .replace(/\n-----BEGIN PGP SIGNATURE[\s\S]*$/, '')
    own.files.delete('dists/stable/InRelease')
    own.files.set('dists/stable/Release', Buffer.from(text))
    own.files.set('dists/stable/Release.gpg', Buffer.from(await otherKey.signDetached(text)))
    expect((await source().index('amd64')).versions('own-tool')).toHaveLength(1)
    own.files.set('dists/stable/Release', Buffer.from(`${text}\n`.replace('main', 'mean')))
    expect((await failure(source().index('amd64'))).code).toBe('signature-invalid')
  })

  test('has to have the component that is asked for', async () => {
    const { source } = await withRepository({ components: ['extra'] })
    const error = await failure(source().index('amd64'))
    expect(error.code).toBe('bad-recipe')
    expect(error.message).toContain('it has components: main')
  })
})

describe("a repository named as one of Debian's archives", () => {
  test('is its first mirror, and adds suites', async () => {
    const first = await goodMirror()
    const backports = { suite: 'trixie-backports', key, packages: [{ name: 'nginx', version: '1.28-1~bpo' }] }
    await publish(first, backports)
    const second = await startMirror()
    await publishDebian(second, { key, packages })
    const world = await makeWorld(key)
    const repository = {
      name: 'debian',
      address: first.address,
      suite: 'trixie-backports',
      components: ['main'],
    }
    const source = world.source([second], { repositories: [repository] })
    const found = (await source.index('amd64')).versions('nginx')
    expect(found.map(({ origin }) => origin.suite).sort()).toEqual(['trixie', 'trixie-backports'])
    expect(source.suites().find(({ suite }) => suite === 'trixie')?.address).toBe(first.address)
  })

  test('that pins a time is the only one, judged by that time', async () => {
    const files = (await goodMirror()).files
    const snapshot = await startMirror(
      new Map([...files].map(([path, bytes]) => [`archive/debian/20260605T000000Z/${path}`, bytes])),
    )
    const world = await makeWorld(key)
    const later = new Date('2027-01-01T00:00:00Z')
    const debian = await startMirror()
    const current = {
      key,
      packages,
      fields: { Date: 'Thu, 31 Dec 2026 06:00:00 UTC', 'Valid-Until': undefined },
    }
    await publishDebian(debian, current)
    await world.source([debian], { now: later }).index('amd64')
    const address = `${snapshot.address}/archive/debian/20260605T000000Z`
    const repository = { name: 'debian', address, suite: 'trixie', components: ['main'] }
    const source = world.source([debian], { now: later, repositories: [repository] })
    await source.index('amd64')
    expect(source.suites().find(({ suite }) => suite === 'trixie')).toMatchObject({ address })
  })
})

test('the snapshot archive is the last resort', async () => {
  const files = (await goodMirror()).files
  const stamp = '20260601T120000Z'
  const entries = ['debian', 'debian-security'].flatMap((archive) =>
    [...files].map(([path, bytes]) => [`archive/${archive}/${stamp}/${path}`, bytes] as const),
  )
  const snapshot = await startMirror(new Map(entries))
  const world = await makeWorld(key)
  const mirrors = { snapshotArchive: `${snapshot.address}/archive` }
  const source = world.source([], { mirrors })
  expect((await source.index('amd64')).versions('nginx')).toHaveLength(1)
  expect(source.suites()[0]?.address).toBe(`${snapshot.address}/archive/debian/${stamp}`)
})

test('what was verified once is remembered with its keys, not for others', async () => {
  const mirror = await goodMirror()
  const world = await makeWorld(key)
  await world.source([mirror]).index('amd64')
  for (const name of await readdir(world.keysDir))
    await writeFile(join(world.keysDir, name), otherKey.armored)
  expect((await failure(world.source([mirror]).index('amd64'))).code).toBe('signature-invalid')
})

test('two processes may fill one cache', async () => {
  const mirror = await goodMirror()
  const world = await makeWorld(key)
  const sources = [world.source([mirror]), world.source([mirror]), world.source([mirror])]
  const indices = await Promise.all(sources.map((source) => source.index('amd64')))
  for (const index of indices) expect(index.versions('nginx')).toHaveLength(1)
  const left = await readdir(join(world.access.cacheDir, 'indices', 'v1'))
  expect(left).toHaveLength(2)
  expect(left.every((name) => /^[0-9a-f]{64}\.idx$/.test(name))).toBe(true)
})
