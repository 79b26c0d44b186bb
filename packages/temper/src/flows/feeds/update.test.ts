import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildZip } from '../../formats/zip/fixtures/sample.ts'
import type { Context } from '../context.ts'
import {
  breakingFetch,
  type FeedServer,
  feedServer,
  feedsContext,
  osvRecord,
  servedBy,
} from './fixtures/sample.ts'
import { openFeeds } from './open.ts'
import { feedsStatus } from './status.ts'
import { updateFeeds } from './update.ts'

let folder: string
let server: FeedServer
let context: Context

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-update-'))
  server = await feedServer()
  context = feedsContext(folder, { feeds: servedBy(server.address) })
  server.files.set('/kev.json', kev(60))
  server.files.set('/wolfi.json', wolfi(5))
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

function kev(count: number): Buffer {
  const vulnerabilities = Array.from({ length: count }, (_, number) => ({
    cveID: `CVE-2024-${1000 + number}`,
    dateAdded: '2024-04-05',
  }))
  return Buffer.from(JSON.stringify({ vulnerabilities }))
}

function wolfi(count: number): Buffer {
  const secfixes = Object.fromEntries(
    Array.from({ length: count }, (_, number) => [`1.${number}-r0`, [`CVE-2024-${1000 + number}`]]),
  )
  const urlprefix = 'https://packages.wolfi.dev'
  return Buffer.from(JSON.stringify({ urlprefix, packages: [{ pkg: { name: 'zlib', secfixes } }] }))
}

async function update(only: readonly string[] = [], more: { acceptSmaller?: boolean } = {}) {
  const updated = await updateFeeds({ only, ...more }, context)
  return Object.fromEntries(updated.map(({ id, outcome }) => [id, outcome]))
}

async function known(): Promise<number> {
  const index = await openFeeds(context)
  try {
    return index.lookup('Wolfi', 'zlib').length
  } finally {
    index.close()
  }
}

describe('updating feeds', () => {
  it('fetches what changed, and asks before', async () => {
    expect(await update()).toEqual({ kev: 'new', 'wolfi-secdb': 'new' })
    expect(await known()).toBe(5)
    const built = (await feedsStatus({}, context)).feeds
    expect(built.map(({ id, url, licence }) => [id, url, licence])).toEqual([
      ['kev', `${server.address}/kev.json`, 'CC0-1.0'],
      ['wolfi-secdb', `${server.address}/wolfi.json`, 'as its publisher says'],
    ])

    server.files.set('/wolfi.json', wolfi(6))
    context = { ...context, now: () => new Date('2026-05-02T10:00:00Z') }
    expect(await update()).toEqual({ kev: 'unchanged', 'wolfi-secdb': 'updated' })
    expect(
      server.answers
        .slice(2)
        .map(({ path, status }) => `${path} ${status}`)
        .sort(),
    ).toEqual(['/kev.json 304', '/wolfi.json 200'])
    expect(await known()).toBe(6)
    // What did not change was looked at: it is as fresh as the rest.
    const feeds = (await feedsStatus({}, context)).feeds
    expect(feeds.map(({ fetched }) => fetched)).toEqual(['2026-05-02T10:00:00Z', '2026-05-02T10:00:00Z'])
    expect((await feedsStatus({}, context)).days).toEqual(['2026-05-01', '2026-05-02'])
    expect(await readdir(join(context.cacheDir, 'feeds/downloads'))).toEqual([])
  })

  it('builds no new index when nothing changed', async () => {
    await update()
    const indices = () => readdir(join(context.cacheDir, 'feeds/index'))
    const before = await indices()
    context = { ...context, now: () => new Date('2026-05-09T10:00:00Z') }
    expect(await update()).toEqual({ kev: 'unchanged', 'wolfi-secdb': 'unchanged' })
    expect(await indices()).toEqual(before)
    const index = await openFeeds(context)
    expect(index.feeds.map(({ stale }) => stale)).toEqual([undefined, undefined])
    index.close()
  })

  it('keeps what it has when a feed is gone, broken or shrank, and updates the others', async () => {
    await update()
    const broken: readonly (Buffer | undefined)[] = [
      undefined,
      Buffer.from('<html>Maintenance</html>'),
      kev(10),
      Buffer.from('{}'),
    ]
    for (const [round, content] of broken.entries()) {
      if (content === undefined) server.files.delete('/kev.json')
      else server.files.set('/kev.json', content)
      server.files.set('/wolfi.json', wolfi(6 + round))
      expect(await update()).toEqual({ kev: 'failed', 'wolfi-secdb': 'updated' })
      const index = await openFeeds(context)
      expect(index.exploited('CVE-2024-1059')).toBeDefined()
      expect(index.lookup('Wolfi', 'zlib')).toHaveLength(6 + round)
      index.close()
    }
    server.files.set('/kev.json', kev(10))
    expect(await update(['kev'], { acceptSmaller: true })).toEqual({ kev: 'updated' })
  })

  it('goes on at once where a connection broke', async () => {
    const file = kev(3000)
    server.files.set('/kev.json', file)
    context = { ...context, fetch: breakingFetch(100_000, { times: 1 }) }
    expect(await update(['kev'])).toEqual({ kev: 'new' })
    const [first, second] = server.answers.filter(({ path }) => path === '/kev.json')
    expect([first?.status, second?.status]).toEqual([200, 206])
    expect(second?.range).toMatch(/^bytes=[1-9]\d*-$/)
    expect((await feedsStatus({}, context)).feeds[0]?.count).toBe(3000)
  })

  it('goes on in a later run where an earlier one was stopped', async () => {
    const file = kev(3000)
    server.files.set('/kev.json', file)
    const stop = new AbortController()
    const broken = breakingFetch(100_000, { times: 1 })
    // The person stops it when the connection is broken, before it is made again.
    const fetch: typeof globalThis.fetch = (...request) => {
      if (server.answers.length > 0) stop.abort(new Error('stopped'))
      return stop.signal.aborted ? Promise.reject(stop.signal.reason) : broken(...request)
    }
    await expect(
      updateFeeds({ only: ['kev'] }, { ...context, fetch, signal: stop.signal }),
    ).rejects.toMatchObject({ code: 'interrupted' })
    expect(await update(['kev'])).toEqual({ kev: 'new' })
    expect(server.answers.at(-1)).toMatchObject({ status: 206 })
    expect((await feedsStatus({}, context)).feeds[0]?.count).toBe(3000)
    expect(await readdir(join(context.cacheDir, 'feeds/downloads'))).toEqual([])
  })

  it('begins anew when the file is another one meanwhile', async () => {
    server.files.set('/kev.json', kev(3000))
    const own = context
    context = { ...own, fetch: breakingFetch(5_000, { times: 5 }) }
    expect(await update(['kev'])).toEqual({ kev: 'failed' })
    context = own
    server.files.set('/kev.json', kev(2500))
    expect(await update(['kev'])).toEqual({ kev: 'new' })
    expect(server.answers.at(-1)).toMatchObject({ status: 200, range: expect.stringMatching(/^bytes=/) })
    expect((await feedsStatus({}, context)).feeds[0]?.count).toBe(2500)
  })

  it('asks OSV for each ecosystem, and its list for the one that is called after a host', async () => {
    const zip = buildZip({
      entries: [{ name: 'a.json', content: Buffer.from(JSON.stringify(osvRecord(1))) }],
    })
    server.files.set('/ecosystems.txt', Buffer.from('Debian\ncrates.any.example\nnpm\n'))
    server.files.set('/Debian/all.zip', zip)
    server.files.set('/Rocky%20Linux/all.zip', zip)
    server.files.set('/crates.any.example/all.zip', zip)
    const { addresses } = servedBy(server.address)
    const ecosystems = ['Debian', 'Rocky Linux', 'crates']
    context = { ...context, feeds: { addresses: { ...addresses, osv: `${server.address}/` }, ecosystems } }
    expect(await update(['osv'])).toEqual({
      'osv/Debian': 'new',
      'osv/Rocky Linux': 'new',
      'osv/crates': 'new',
    })
    expect(await update(['osv/Debian'])).toEqual({ 'osv/Debian': 'unchanged' })
    await expect(update(['npm'])).rejects.toMatchObject({ code: 'bad-usage' })
    server.files.delete('/ecosystems.txt')
    expect(await update(['osv/crates'])).toEqual({ 'osv/crates': 'absent' })
  })

  it('updates the others when the list of ecosystems is out of reach', async () => {
    const { addresses } = servedBy(server.address)
    server.files.set('/kev.json', kev(3))
    context = {
      ...context,
      feeds: { addresses: { ...addresses, osv: 'http://127.0.0.1:1' }, ecosystems: ['crates'] },
    }
    expect(await update(['kev', 'osv'])).toEqual({ kev: 'new', 'osv/crates': 'failed' })
  })

  it('takes it that a release of Alpine is still to come', async () => {
    const { addresses } = servedBy(server.address)
    const feeds = {
      addresses: { ...addresses, 'alpine-secdb': server.address },
      alpineReleases: ['v3.22', 'v3.99'],
    }
    context = { ...context, feeds }
    server.files.set(
      '/v3.22/main.json',
      Buffer.from(
        JSON.stringify({
          distroversion: 'v3.22',
          packages: [{ pkg: { name: 'zlib', secfixes: { '1-r0': ['CVE-2024-1000'] } } }],
        }),
      ),
    )
    expect(await update(['alpine-secdb'])).toEqual({
      'alpine-secdb/v3.22/community': 'absent',
      'alpine-secdb/v3.22/main': 'new',
      'alpine-secdb/v3.99/community': 'absent',
      'alpine-secdb/v3.99/main': 'absent',
    })
  })

  it('needs the network', async () => {
    await expect(updateFeeds({ only: [] }, { ...context, offline: true })).rejects.toMatchObject({
      code: 'offline',
    })
  })
})
