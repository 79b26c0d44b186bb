import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildZip } from '../../formats/zip/fixtures/sample.ts'
import type { Context } from '../context.ts'
import { exportFeeds } from './export.ts'
import { feedsContext, ndjson, osvRecord } from './fixtures/sample.ts'
import { importFeeds } from './import.ts'
import { openFeeds } from './open.ts'
import { removeFeeds } from './remove.ts'
import { feedsStatus } from './status.ts'
import { verifyFeeds } from './verify.ts'

let folder: string
let context: Context

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-feeds-'))
  context = feedsContext(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  return path
}

async function versionsOf(name: string, request: Parameters<typeof openFeeds>[1] = {}): Promise<number> {
  const index = await openFeeds(context, request)
  try {
    return index.lookup('Debian:12', name).length
  } finally {
    index.close()
  }
}

describe('importing feeds', () => {
  it('of which one cannot be read leaves those before it in use, and the store sound', async () => {
    const paths = [await file('a.ndjson', ndjson(3)), await file('b.ndjson', 'no feed at all')]
    await expect(importFeeds({ paths }, context)).rejects.toMatchObject({ code: 'bad-index' })
    expect(await versionsOf('openssl')).toBe(3)
    expect((await feedsStatus({}, context)).feeds.map(({ id }) => id)).toEqual(['a'])
  })

  it('takes OSV in every form', async () => {
    const records = Array.from({ length: 5 }, (_, number) => osvRecord(number))
    const text = ndjson(5)
    const zip = buildZip({
      entries: [
        ...records.map((record, number) => ({
          name: `${number}.json`,
          content: Buffer.from(JSON.stringify(record)),
        })),
        { name: 'README.md', content: Buffer.from('no record') },
      ],
    })
    const forms: Readonly<Record<string, string | Uint8Array>> = {
      'a.ndjson': text,
      'b.ndjson.gz': gzipSync(text),
      'c.json': JSON.stringify(records),
      'd.json.gz': gzipSync(JSON.stringify(records, null, 2)),
      'e.zip': zip,
      'f.json': records.map((record) => JSON.stringify(record, null, 2)).join('\n'),
      'g.jsonl.zst': zstdCompressSync(text),
      'h.json': text,
      'i.zip': buildZip({ entries: [{ name: 'all.ndjson', content: Buffer.from(text) }] }),
    }
    const paths: string[] = []
    for (const [name, content] of Object.entries(forms)) paths.push(await file(name, content))
    for (const [number, record] of records.entries())
      await file(`folder/x/${number}.json`, JSON.stringify(record))
    const taken = await importFeeds({ paths: [...paths, join(folder, 'folder')] }, context)
    expect(taken.map(({ state }) => [state.id, state.kind, state.count, state.skipped])).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'folder'].map((id) => [id, 'osv', 5, undefined]),
    )
    expect(await versionsOf('openssl')).toBe(50)
    expect(taken[0]?.state).toMatchObject({ date: '2024-05-01T00:00:00Z', fetched: '2026-05-01T10:00:00Z' })
    await verifyFeeds({}, context)
  })

  it('takes a folder of everything apart', async () => {
    await file(
      'all/kev.json',
      JSON.stringify({ vulnerabilities: [{ cveID: 'CVE-2024-1000', dateAdded: '2024-04-05' }] }),
    )
    await file('all/scores.csv', 'cve,epss,percentile\nCVE-2024-1000,0.25,0.75\n')
    await file(
      'all/Debian/all.zip',
      buildZip({ entries: [{ name: 'a.json', content: Buffer.from(JSON.stringify(osvRecord(0))) }] }),
    )
    await file('all/notes.txt', 'nothing')
    const taken = await importFeeds({ paths: [join(folder, 'all')] }, context)
    expect(taken.map(({ state }) => `${state.id} ${state.kind}`)).toEqual([
      'Debian osv',
      'kev kev',
      'scores epss',
    ])
    const index = await openFeeds(context)
    expect(index.exploited('CVE-2024-1000')).toEqual({ added: '2024-04-05' })
    expect(index.prediction('CVE-2024-1000')).toEqual({ score: 0.25, percentile: 0.75 })
    expect(index.facts('CVE-2024-1000')?.published).toBe('2024-04-01T00:00:00Z')
    index.close()
  })

  it('notes records that it cannot read, and takes the others', async () => {
    const path = await file('mixed.ndjson', `${ndjson(30)}{"id": 5}\n{broken\n`)
    const [taken] = await importFeeds({ paths: [path] }, context)
    expect(taken?.state).toMatchObject({ count: 30, skipped: 2 })
    expect(taken?.skipped.map(({ where }) => where)).toEqual(['line 31', 'line 32'])
    const [{ examples } = {}] = (await feedsStatus({}, context)).feeds
    expect(examples).toEqual(taken?.skipped)
  })

  it('refuses what is no feed, is broken or shrank, and keeps what was there', async () => {
    await importFeeds({ paths: [await file('a.ndjson', ndjson(100))] }, context)
    const before = await versionsOf('openssl')
    const zip = buildZip({ entries: [{ name: 'a.json', content: Buffer.from(ndjson(1)) }] })
    const bad: readonly (readonly [string, string | Uint8Array])[] = [
      ['a.ndjson', ndjson(60)],
      ['a.json', '{"hello": "world"}'],
      ['a.json', '[{"id": "A"}, '],
      ['a.json', ''],
      ['a.csv', 'nothing'],
      ['a.zip', zip.subarray(0, zip.length - 30)],
      ['a.zip', zip.fill(0, 40, 60)],
      ['a.ndjson.gz', gzipSync(ndjson(100)).subarray(0, 200)],
      ['a.ndjson', `${'{broken\n'.repeat(30)}${ndjson(90)}`],
    ]
    for (const [name, content] of bad) {
      const failed = importFeeds({ paths: [await file(name, content)] }, context)
      await expect(failed).rejects.toMatchObject({ code: expect.stringMatching(/^bad-(index|archive)$/) })
      expect(await versionsOf('openssl')).toBe(before)
    }
    const [smaller] = await importFeeds(
      { paths: [await file('a.ndjson', ndjson(60))], acceptSmaller: true },
      context,
    )
    expect(smaller?.state.count).toBe(60)
    expect(await versionsOf('openssl')).toBe(60)
    expect(
      (await readdir(join(context.cacheDir, 'feeds/sources'))).filter((name) => name.startsWith('.tmp')),
    ).toEqual([])
  })

  it('replaces the feed of the same name, and only that', async () => {
    await importFeeds(
      { paths: [await file('a.ndjson', ndjson(10)), await file('b.ndjson', ndjson(3, 'zlib'))] },
      context,
    )
    await importFeeds({ paths: [await file('other.ndjson', ndjson(12))], as: 'a' }, context)
    expect([await versionsOf('openssl'), await versionsOf('zlib')]).toEqual([12, 3])
    await removeFeeds({ ids: ['a'] }, context)
    expect([await versionsOf('openssl'), await versionsOf('zlib')]).toEqual([0, 3])
    await expect(removeFeeds({ ids: ['a'] }, context)).rejects.toMatchObject({ code: 'not-found' })
    const two = [join(folder, 'a.ndjson'), join(folder, 'b.ndjson')]
    await expect(importFeeds({ paths: two, as: 'x' }, context)).rejects.toMatchObject({ code: 'bad-usage' })
  })
})

describe('feeds in one file', () => {
  it('are opened as they are, and imported with their dates', async () => {
    await importFeeds(
      { paths: [await file('a.ndjson', ndjson(10)), await file('b.ndjson', ndjson(3, 'zlib'))] },
      context,
    )
    const exported = await exportFeeds({ file: 'out.feeds' }, context)
    expect(exported.feeds.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(await versionsOf('zlib', { feeds: exported.path })).toBe(3)
    await verifyFeeds({ feeds: exported.path }, context)
    const status = await feedsStatus({ feeds: exported.path }, context)
    expect(status.feeds.map(({ count }) => count)).toEqual([10, 3])

    context = feedsContext(join(folder, 'elsewhere'), { now: () => new Date('2026-05-20T00:00:00Z') })
    const taken = await importFeeds({ paths: [exported.path] }, context)
    expect(taken.map(({ state }) => state.fetched)).toEqual(['2026-05-01T10:00:00Z', '2026-05-01T10:00:00Z'])
    expect([await versionsOf('openssl'), await versionsOf('zlib')]).toEqual([10, 3])
    expect((await feedsStatus({}, context)).feeds.map(({ stale }) => stale)).toEqual([true, true])
    await verifyFeeds({}, context)
  })

  it('are refused when anything in them is damaged', async () => {
    await importFeeds({ paths: [await file('a.ndjson', ndjson(10))] }, context)
    const { path } = await exportFeeds({ file: 'out.feeds' }, context)
    const bytes = await readFile(path)
    bytes[bytes.length >> 2] = (bytes[bytes.length >> 2] ?? 0) ^ 1
    await writeFile(path, bytes)
    await expect(verifyFeeds({ feeds: path }, context)).rejects.toMatchObject({ code: 'bad-index' })
    await expect(importFeeds({ paths: [path] }, context)).rejects.toMatchObject({ code: 'bad-index' })
    expect(await versionsOf('openssl')).toBe(10)
  })
})

describe('opening feeds', () => {
  it('says what to do when nothing was ever fetched', async () => {
    await expect(openFeeds(context)).rejects.toMatchObject({
      code: 'not-found',
      next: { action: 'update-feeds' },
    })
    await expect(openFeeds(context, { feeds: 'nowhere' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(openFeeds(context, { asOf: '2026-02-30' })).rejects.toMatchObject({ code: 'bad-usage' })
    await expect(feedsStatus({}, context)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('reads feeds as their publishers write them, once', async () => {
    const path = await file('osv/a.ndjson', ndjson(4))
    expect(await versionsOf('openssl', { feeds: 'osv' })).toBe(4)
    expect(await versionsOf('openssl', { feeds: path })).toBe(4)
    const kept = await readdir(join(context.cacheDir, 'advisories-3'))
    expect(await versionsOf('openssl', { feeds: 'osv' })).toBe(4)
    expect(await readdir(join(context.cacheDir, 'advisories-3'))).toEqual(kept)
    // What another program made of the same files is not believed: it may have read less out of them.
    await openFeeds({ ...context, program: () => 'changed' }, { feeds: 'osv' })
    expect(await readdir(join(context.cacheDir, 'advisories-3'))).toHaveLength(kept.length + 1)
    await file('osv/a.ndjson', ndjson(5))
    expect(await versionsOf('openssl', { feeds: 'osv' })).toBe(5)
    await expect(openFeeds(context, { feeds: await file('no.txt', 'feed') })).rejects.toMatchObject({
      code: 'bad-index',
    })
  })

  it('does not take a damaged store for a folder of feeds', async () => {
    await importFeeds({ paths: [await file('a.ndjson', ndjson(10))], feeds: 'store' }, context)
    await file('store/current.json', 'garbage')
    await rm(join(folder, 'store/sources'), { recursive: true })
    await expect(openFeeds(context, { feeds: 'store' })).rejects.toMatchObject({
      code: 'bad-index',
      message: expect.stringContaining('current.json'),
    })
  })

  it('says which feeds are stale', async () => {
    await importFeeds({ paths: [await file('a.ndjson', ndjson(4))] }, context)
    const stale = async (now: string, staleAfter?: number) => {
      const feeds = staleAfter === undefined ? {} : { feeds: { addresses: {}, staleAfter } }
      const index = await openFeeds({ ...context, now: () => new Date(now), ...feeds })
      index.close()
      return index.feeds[0]?.stale
    }
    expect(await stale('2026-05-08T09:00:00Z')).toBeUndefined()
    expect(await stale('2026-05-08T11:00:00Z')).toBe(true)
    expect(await stale('2026-05-02T11:00:00Z', 86_400)).toBe(true)
  })

  it('builds a damaged index anew, and says so; refuses when a feed is damaged too', async () => {
    await importFeeds({ paths: [await file('a.ndjson', ndjson(4))] }, context)
    const warnings: string[] = []
    context = { ...context, progress: { ...context.progress, warn: (text) => void warnings.push(text) } }
    await file('cache/feeds/current.json', '{"file": "../../etc/passwd"}')
    expect(await versionsOf('openssl')).toBe(4)
    expect(warnings).toEqual([expect.stringContaining('is damaged: it is rebuilt')])
    expect(await versionsOf('openssl')).toBe(4)
    expect(warnings).toHaveLength(1)
    for (const name of await readdir(join(context.cacheDir, 'feeds/sources')))
      if (name.endsWith('.part')) await file(`cache/feeds/sources/${name}`, '')
    await file('cache/feeds/current.json', '')
    await expect(openFeeds(context)).rejects.toMatchObject({ code: 'bad-index' })
    await expect(importFeeds({ paths: [await file('b.ndjson', ndjson(4))] }, context)).rejects.toMatchObject({
      code: 'bad-index',
    })
    await removeFeeds({ ids: ['a'] }, context).catch(() => {})
    await importFeeds({ paths: [await file('a.ndjson', ndjson(4))] }, context)
    expect(await versionsOf('openssl')).toBe(8)
  })
})
