import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { TemperError } from '../../../base/error.ts'
import { createHttp } from '../../../base/http/http.ts'
import { silentProgress } from '../../../base/progress.ts'
import type { PackageSourceRequest } from '../../../model/package/package-source.ts'
import { alpineRelease } from '../../alpine/releases.ts'
import { archivePath } from '../../shared/fetching/packages.ts'
import {
  makeIndex,
  makeKey,
  makePackage,
  publish,
  type SampleMirror,
  startMirror,
} from '../fixtures/repository.ts'
import { ApkSource } from './source.ts'

const key = makeKey('mirror@example.org-1.rsa.pub')
const other = makeKey('other.rsa.pub')
const keysDir = new URL('../../../../keys', import.meta.url).pathname
const main = 'v3.23/main/x86_64'
let folder = ''
let mirror: SampleMirror

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-alpine-'))
  for (const { name, publicKey } of [key, other]) await writeFile(join(folder, name), publicKey)
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  mirror = await startMirror()
})
afterEach(() => mirror.close())

let count = 0
async function cacheFolder(): Promise<string> {
  const path = join(folder, `cache-${++count}`)
  await mkdir(path)
  return path
}

async function open(
  change: Partial<PackageSourceRequest> & { readonly cacheDir?: string; readonly offline?: boolean } = {},
) {
  const { cacheDir = await cacheFolder(), offline = false, ...more } = change
  const access = { http: createHttp({ fetch, retries: 0 }), cacheDir, progress: silentProgress, offline }
  const request: PackageSourceRequest = {
    access,
    repositories: [],
    mirrors: { configured: { alpine: [mirror.address] }, hostRoot: folder },
    keyring: [join(folder, key.name)],
    keysDir,
    now: new Date(),
    architectures: ['amd64'],
    ...more,
  }
  return new ApkSource(alpineRelease('alpine-3.23'), request, archivePath('apk'))
}

async function failure(change: Parameters<typeof open>[0] = {}): Promise<TemperError> {
  const source = await open(change)
  return (await source.index('amd64').catch((error: unknown) => error)) as TemperError
}

describe('a mirror', () => {
  test.each(['RSA', 'RSA256'] as const)('signed with %s is read', async (hash) => {
    publish(mirror, main, {
      key,
      hash,
      packages: [{ name: 'tool', provides: 'cmd:tool=1', origin: 'tools' }],
    })
    const source = await open()
    const index = await source.index('amd64')
    expect(index.versions('tool')).toMatchObject([
      {
        version: '1.0-r0',
        source: { name: 'tools' },
        origin: { repository: 'alpine', component: 'main', location: `${main}/tool-1.0-r0.apk` },
      },
    ])
    expect(index.providers('cmd:tool')).toHaveLength(1)
    expect([...index.names()]).toEqual(['tool'])
    expect(source.suites()).toMatchObject([
      {
        repository: 'alpine',
        suite: 'v3.23',
        components: ['main'],
        address: mirror.address,
        date: '2025-10-09T08:53:20Z',
      },
    ])
    expect(source.keys()).toEqual([expect.stringMatching(/^[0-9A-F]{64}$/)])
  })

  test('says who provides a library or a program', async () => {
    publish(mirror, main, {
      key,
      packages: [
        { name: 'tool', provides: 'cmd:tool=1' },
        { name: 'second', provides: 'so:libz.so.1=1', priority: 5 },
        { name: 'zlib', provides: 'so:libz.so.1=1', priority: 10 },
      ],
    })
    const owners = await (await open()).owners(
      ['/usr/bin/tool', 'tool', 'libz.so.1', '/etc/tool', 'x'],
      'amd64',
    )
    expect(Object.fromEntries(owners)).toEqual({ '/usr/bin/tool': 'tool', tool: 'tool', 'libz.so.1': 'zlib' })
  })

  const one = makePackage({ name: 'tool' }).paragraph
  const cases: readonly (readonly [string, () => Buffer, string, RegExp])[] = [
    ['that is not signed', () => makeIndex([one]), 'signature-invalid', /is not signed/],
    [
      'signed by another key',
      () => makeIndex([one], { key: other }),
      'signature-invalid',
      /signed by other\.rsa\.pub, which is not trusted/,
    ],
    [
      'signed by another key under the name of a trusted one',
      () => makeIndex([one], { key: { ...other, name: key.name } }),
      'signature-invalid',
      /does not match these bytes/,
    ],
    ['that is no archive', () => Buffer.from('<html>'), 'bad-archive', /not valid gzip/],
    [
      'that is cut off',
      () => makeIndex([one], { key }).subarray(0, -30),
      'signature-invalid',
      /does not match these bytes/,
    ],
    ['of the format of apk 3', () => Buffer.from('ADBd...'), 'bad-index', /format of apk 3/],
    [
      'that lists a package twice',
      () => makeIndex([one, one], { key }),
      'bad-index',
      /lists tool 1\.0-r0 x86_64 twice/,
    ],
    [
      'whose package has a name that leads elsewhere',
      () => makeIndex([one.replace('P:tool', 'P:../tool')], { key }),
      'bad-index',
      /is not a package/,
    ],
    [
      'whose package has no checksum',
      () => makeIndex([one.replace(/^C:.*$/m, 'C:Q1x')], { key }),
      'bad-index',
      /no checksum/,
    ],
    [
      'whose package has no size',
      () => makeIndex([one.replace(/^S:.*$/m, 'S:-1')], { key }),
      'bad-index',
      /no proper size/,
    ],
    ['with a field twice', () => makeIndex([`${one}V:2\n`], { key }), 'bad-index', /field V is there twice/],
    [
      'with a line of something else',
      () => makeIndex([`${one}hello\n`], { key }),
      'bad-index',
      /expected a letter and a colon/,
    ],
    [
      'with what is no name',
      () => makeIndex([`${one}p:a=b=c\n`], { key }),
      'bad-index',
      /is not a dependency/,
    ],
  ]
  test.each(cases)('%s is refused', async (_title, bytes, code, message) => {
    mirror.files.set(`${main}/APKINDEX.tar.gz`, bytes())
    const error = await failure()
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
  })

  test('need not have what is beside the main part, and is said to be missing when it has not even that', async () => {
    expect(await failure()).toMatchObject({ code: 'network' })
    publish(mirror, 'v3.23/community/x86_64', { key, packages: [{ name: 'game' }] })
    publish(mirror, main, { key, packages: [{ name: 'tool' }] })
    const source = await open()
    expect([...(await source.index('amd64')).names()]).toEqual(['game', 'tool'])
    expect(source.suites()).toMatchObject([{ components: ['main', 'community'] }])
  })

  test('must not go back in time', async () => {
    const cacheDir = await cacheFolder()
    publish(mirror, main, { key, packages: [{ name: 'tool' }], time: 1_760_000_001 })
    await (await open({ cacheDir })).index('amd64')
    publish(mirror, main, { key, packages: [{ name: 'tool' }], time: 1_760_000_000 })
    expect(await failure({ cacheDir })).toMatchObject({ code: 'release-rollback' })
  })

  test('is not needed offline once the cache is filled', async () => {
    const cacheDir = await cacheFolder()
    expect(await failure({ cacheDir, offline: true })).toMatchObject({ code: 'offline' })
    publish(mirror, main, { key, packages: [{ name: 'tool' }] })
    const online = await open({ cacheDir })
    await online.pin((await online.index('amd64')).versions('tool'))
    mirror.files.clear()
    const offline = await open({ cacheDir, offline: true })
    const [pinned] = await offline.pin((await offline.index('amd64')).versions('tool'))
    expect(pinned?.digest).toMatch(/^sha256:/)
  })
})

describe('an archive', () => {
  test('gets the digest that it has, and is asked for once', async () => {
    const cacheDir = await cacheFolder()
    publish(mirror, main, { key, packages: [{ name: 'tool', files: { 'usr/bin/tool': 'x' } }] })
    for (const _round of [1, 2]) {
      const source = await open({ cacheDir })
      const [pinned] = await source.pin((await source.index('amd64')).versions('tool'))
      expect(pinned?.digest).toMatch(/^sha256:/)
    }
    expect(mirror.requests.filter((path) => path.endsWith('.apk'))).toHaveLength(1)
  })

  const good = { name: 'tool', files: { 'usr/bin/tool': 'good' } }
  const length = makePackage(good, { key }).bytes.length
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['that is another package', makePackage({ ...good, name: 'evil' }, { key }).bytes, /expected/],
    [
      'with other files',
      Buffer.concat([makePackage(good, { key }).bytes.subarray(0, -8), Buffer.alloc(8)]),
      /data hash|expected/,
    ],
    ['that is shorter', makePackage(good, { key }).bytes.subarray(0, length - 1), /expected \d+ bytes/],
    ['that is longer', Buffer.concat([makePackage(good, { key }).bytes, Buffer.alloc(9)]), /more/],
    ['that contradicts itself', makePackage(good, { key, dataHash: '0'.repeat(64) }).bytes, /expected/],
  ]
  test.each(cases)('%s than the index lists is refused', async (_title, bytes, message) => {
    publish(mirror, main, { key, packages: [good] })
    mirror.files.set(`${main}/tool-1.0-r0.apk`, bytes)
    const source = await open()
    const index = await source.index('amd64')
    await expect(source.pin(index.versions('tool'))).rejects.toMatchObject({
      code: 'digest-mismatch',
      message: expect.stringMatching(message),
    })
  })

  test('whose data hash is another than its files have is refused, though the index lists it', async () => {
    publish(mirror, main, { key, packages: [good], dataHash: '0'.repeat(64) })
    const source = await open()
    const index = await source.index('amd64')
    await expect(source.pin(index.versions('tool'))).rejects.toMatchObject({ code: 'digest-mismatch' })
  })
})

describe("a recipe's own repository", () => {
  test('is an address, and has its own key', async () => {
    publish(mirror, main, { key, packages: [{ name: 'tool' }] })
    publish(mirror, 'os/x86_64', {
      key: other,
      hash: 'RSA256',
      packages: [{ name: 'tool', version: '2.0-r0' }],
    })
    const repository = { name: 'os', address: `${mirror.address}/os`, components: ['main'] }
    const request = { repositories: [{ ...repository, key: join(folder, other.name) }] }
    const index = await (await open(request)).index('amd64')
    expect(index.versions('tool').map(({ version, origin }) => [version, origin.repository])).toEqual([
      ['1.0-r0', 'alpine'],
      ['2.0-r0', 'os'],
    ])
    expect(await failure({ repositories: [repository] })).toMatchObject({ code: 'signature-invalid' })
    expect(await failure({ repositories: [repository], keyring: [] })).toMatchObject({ code: 'bad-recipe' })
  })

  test('with a tag gives only what is asked of it', async () => {
    publish(mirror, main, { key, packages: [{ name: 'tool' }] })
    publish(mirror, 'edge/x86_64', { key, packages: [{ name: 'tool', version: '2.0-r0' }] })
    const tagged = {
      name: 'edge',
      address: `${mirror.address}/edge`,
      components: ['main'],
      tagged: true as const,
    }
    const index = await (await open({ repositories: [tagged] })).index('amd64')
    expect(index.versions('tool').map(({ origin }) => origin.suite)).toEqual(['v3.23', '@edge'])
  })

  test('named as the distribution is its first mirror', async () => {
    publish(mirror, main, { key, packages: [{ name: 'tool' }] })
    const repository = { name: 'alpine', address: mirror.address, suite: 'v3.23', components: ['main'] }
    const source = await open({ repositories: [repository], mirrors: { configured: {}, hostRoot: folder } })
    expect([...(await source.index('amd64')).names()]).toEqual(['tool'])
  })
})

test('a key that proves nothing is refused', async () => {
  publish(mirror, main, { key, packages: [] })
  await writeFile(join(folder, 'bad.pub'), 'hello')
  expect(await failure({ keyring: [join(folder, 'bad.pub')] })).toMatchObject({ code: 'bad-key' })
})
