import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  cleanUp,
  failure,
  goodMirror,
  makeKey,
  makeWorld,
  packages,
  publish,
  publishDebian,
  type SigningKey,
  startMirror,
  temporaryFolder,
} from '../fixtures/mirror.ts'

let key: SigningKey
let otherKey: SigningKey
beforeAll(async () => {
  key = await makeKey()
  otherKey = await makeKey()
})
afterEach(cleanUp)

describe('a good mirror', () => {
  test('gives packages with what they need, and the suites for the lock', async () => {
    const mirror = await goodMirror(key)
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
    const mirror = await goodMirror(key)
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
    const mirror = await goodMirror(key)
    const source = (await makeWorld(key)).source([mirror], { architectures: ['amd64', 'arm64'] })
    expect([...(await source.index('arm64')).names()]).toEqual(['arm-only', 'tzdata'])
    expect([...(await source.index('amd64')).names()]).toEqual(['nginx', 'tzdata'])
  })

  test('is not needed offline once the cache is filled', async () => {
    const mirror = await goodMirror(key)
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

describe("a recipe's own repository", () => {
  async function withRepository(change: object) {
    const debian = await goodMirror(key)
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

  test('gets the credentials that it is given only', async () => {
    const { own, world, source } = await withRepository({})
    const header = `Basic ${Buffer.from('me:secret').toString('base64')}`
    own.behave = (_path, request, response) => {
      if (request.headers.authorization === header) return undefined
      response.writeHead(401).end()
      return true
    }
    expect((await failure(source().index('amd64'))).code).toBe('unauthorized')
    const { host } = new URL(own.address)
    const authorization = (address: URL) => (address.host === host ? header : undefined)
    const access = { ...world.access, authorization }
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
    const first = await goodMirror(key)
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
    const versions = (await source.index('amd64')).versions('nginx')
    expect(versions.map(({ origin }) => origin.suite).sort()).toEqual(['trixie', 'trixie-backports'])
    expect(source.suites().find(({ suite }) => suite === 'trixie')?.address).toBe(first.address)
  })

  test('that pins a time is the only one, judged by that time', async () => {
    const files = (await goodMirror(key)).files
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
  const files = (await goodMirror(key)).files
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
  const mirror = await goodMirror(key)
  const world = await makeWorld(key)
  await world.source([mirror]).index('amd64')
  for (const name of await readdir(world.keysDir))
    await writeFile(join(world.keysDir, name), otherKey.armored)
  expect((await failure(world.source([mirror]).index('amd64'))).code).toBe('signature-invalid')
})

test('two processes may fill one cache', async () => {
  const mirror = await goodMirror(key)
  const world = await makeWorld(key)
  const sources = [world.source([mirror]), world.source([mirror]), world.source([mirror])]
  const indices = await Promise.all(sources.map((source) => source.index('amd64')))
  for (const index of indices) expect(index.versions('nginx')).toHaveLength(1)
  const left = await readdir(join(world.access.cacheDir, 'indices', 'v3'))
  expect(left).toHaveLength(2)
  expect(left.every((name) => /^[0-9a-f]{64}\.idx$/.test(name))).toBe(true)
})
