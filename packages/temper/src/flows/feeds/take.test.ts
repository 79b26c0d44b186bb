import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttp } from '../../base/http/http.ts'
import type { Context } from '../context.ts'
import { type FeedConfiguration, feedSourceNames, retentionOf } from './configuration.ts'
import { exportFeeds } from './export.ts'
import { feedsContext, ndjson, osvRecord } from './fixtures/sample.ts'
import { type ImportRequest, importFeeds } from './import.ts'
import { removeFeeds } from './remove.ts'
import { feedSources } from './sources.ts'
import { feedsStatus } from './status.ts'
import { staleAfterOf, storeFolder } from './store.ts'
import { verifyFeeds } from './verify.ts'

let folder = ''
let context: Context
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-take-'))
  context = feedsContext(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function take(text: string, more: Partial<ImportRequest> = {}) {
  await writeFile(join(folder, 'feed.ndjson'), text)
  const [taken] = await importFeeds({ paths: ['feed.ndjson'], as: 'ours', ...more }, context)
  return taken?.state
}
const count = async () => (await feedsStatus({}, context)).feeds.map((feed) => [feed.id, feed.count])
const left = async () =>
  (await readdir(join(folder, 'cache/feeds/sources'))).filter((name) => name.startsWith('.'))

describe('a feed that becomes smaller', () => {
  it.each([
    [100, 80, true],
    [100, 79, false],
    [100, 1, false],
    [50, 40, true],
    [50, 39, false],
    // Small ones may shrink as they like.
    [49, 1, true],
  ])('from %i to %i records: taken %s', async (before, after, taken) => {
    await take(ndjson(before))
    const again = take(ndjson(after))
    if (taken) await again
    else
      await expect(again).rejects.toMatchObject({
        code: 'bad-index',
        message: `ours: it has ${after} records, and had ${before} before`,
        next: { action: 'accept-smaller-feed' },
      })
    expect(await count()).toEqual([['ours', taken ? after : before]])
    expect(await left()).toEqual([])
  })

  it('is taken when the person wants it', async () => {
    await take(ndjson(100))
    await take(ndjson(1), { acceptSmaller: true })
    expect(await count()).toEqual([['ours', 1]])
  })

  it('is compared with itself alone', async () => {
    await take(ndjson(100))
    await take(ndjson(1), { as: 'theirs' })
    expect(await count()).toEqual([
      ['ours', 100],
      ['theirs', 1],
    ])
  })
})

describe('a feed of which much cannot be read', () => {
  const broken = (amount: number) => '{"id":7}\n'.repeat(amount)

  it.each([
    [10, 20, true],
    [10, 21, false],
    // A fifth of all may be broken.
    [100, 25, true],
    [100, 26, false],
    [0, 1, false],
  ])('%i records and %i broken ones: taken %s', async (good, bad, taken) => {
    const text = ndjson(good) + broken(bad)
    if (taken) expect(await take(text)).toMatchObject({ count: good, skipped: bad })
    else
      await expect(take(text)).rejects.toMatchObject({
        code: 'bad-index',
        message: expect.stringMatching(
          new RegExp(`^ours: ${good} records could be read, ${bad} not; the first: `),
        ),
        details: { feed: 'ours', count: good, skipped: bad },
      })
    expect(await left().catch(() => [])).toEqual([])
  })

  it('has examples of what is broken where its state is told', async () => {
    await take(ndjson(3) + broken(2))
    const [feed] = (await feedsStatus({}, context)).feeds
    expect([feed?.skipped, feed?.examples?.length]).toEqual([2, 2])
    expect(feed?.examples?.[0]).toMatchObject({ where: 'line 4', reason: 'it has no id' })
  })
})

describe('feeds that are taken out', () => {
  it('leave the others, and what was there is not known any more', async () => {
    for (const as of ['a', 'b', 'c']) await take(ndjson(2), { as })
    expect(await removeFeeds({ ids: ['a', 'c'] }, context)).toEqual(['a', 'c'])
    expect((await count()).map(([id]) => id)).toEqual(['b'])
    expect((await verifyFeeds({}, context)).length).toBe(2)
  })

  it('are refused together when one of them is not there', async () => {
    await take(ndjson(2), { as: 'a' })
    await expect(removeFeeds({ ids: ['a', 'x'] }, context)).rejects.toMatchObject({
      code: 'not-found',
      hint: 'The feeds are: a',
    })
    expect((await count()).map(([id]) => id)).toEqual(['a'])
  })
})

describe('the state of a store', () => {
  it('names feeds that are too old, by what the person calls old', async () => {
    await take(ndjson(2))
    const state = async (now: string, staleAfter?: number) => {
      const feeds = staleAfter === undefined ? undefined : { addresses: {}, staleAfter }
      const world = { ...context, now: () => new Date(now), ...(feeds === undefined ? {} : { feeds }) }
      return (await feedsStatus({}, world)).feeds.map(({ stale }) => stale === true)
    }
    expect(await state('2026-05-08T09:00:00Z')).toEqual([false])
    expect(await state('2026-05-08T11:00:00Z')).toEqual([true])
    expect(await state('2026-05-01T12:00:00Z', 3600)).toEqual([true])
  })

  it('is that of a file which was exported, which has no days of its own', async () => {
    await take(ndjson(2))
    const { path, size } = await exportFeeds({ file: 'all.bin' }, context)
    expect(path).toBe(join(folder, 'all.bin'))
    const exported = await feedsStatus({ feeds: 'all.bin' }, context)
    expect(exported).toMatchObject({ path, indexSize: size, days: [], feeds: [{ id: 'ours', count: 2 }] })
    const own = await feedsStatus({}, context)
    expect(own.days).toEqual(['2026-05-01'])
    expect(own.indexSize).toBeGreaterThan(0)
  })

  it('is not there when nothing was ever fetched', async () => {
    await expect(feedsStatus({}, context)).rejects.toMatchObject({ code: 'not-found' })
    await expect(exportFeeds({ file: 'x' }, context)).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('what is imported', () => {
  it.each(['', 'a b', '../x', 'a\u0000', 'x'.repeat(200)])('cannot be called %j', async (as) => {
    await expect(take(ndjson(1), { as })).rejects.toMatchObject({ code: 'bad-usage' })
  })

  it.each(['', '\u001b[31m'])('cannot be the whole of %j', async (ecosystem) => {
    await expect(take(ndjson(1), { whole: [ecosystem] })).rejects.toMatchObject({ code: 'bad-usage' })
  })

  it('is as new as the clock, and says where it is from only by its digest', async () => {
    const state = await take(`${JSON.stringify(osvRecord(1))}\n`)
    expect(state).toMatchObject({ id: 'ours', kind: 'osv', count: 1, fetched: '2026-05-01T10:00:00Z' })
    expect(state?.digest).toMatch(/^sha256:/)
    expect(state).not.toHaveProperty('url')
  })
})

describe('where feeds come from', () => {
  const http = createHttp({
    fetch: () => Promise.reject(new Error('asked')),
    userAgent: 'test',
    signal: new AbortController().signal,
  })
  const sources = (configuration?: FeedConfiguration) => feedSources(configuration, http)
  const off = Object.fromEntries(feedSourceNames.map((name) => [name, 'off']))

  it('is every publisher, each feed once, in order, without asking anybody', () => {
    const ids = sources().map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].sort())
    expect(new Set(sources().map(({ source }) => source))).toEqual(new Set(feedSourceNames))
    for (const { licence } of sources()) expect(licence).not.toBe('')
  })

  it.each(feedSourceNames)('is not %s when that is off', (name) => {
    expect(sources({ addresses: { [name]: 'off' } }).some(({ source }) => source === name)).toBe(false)
    expect(sources({ addresses: off })).toEqual([])
  })

  it('is where the person says, whether there is a slash at its end or not', () => {
    const of = (osv: string) =>
      sources({ addresses: { ...off, osv }, ecosystems: ['Red Hat', 'npm'] }).map(({ id, url }) => [id, url])
    const expected = [
      ['osv/Red Hat', 'https://mirror.example/osv/Red%20Hat/all.zip'],
      ['osv/npm', 'https://mirror.example/osv/npm/all.zip'],
    ]
    expect(of('https://mirror.example/osv')).toEqual(expected)
    expect(of('https://mirror.example/osv//')).toEqual(expected)
  })

  it('is for Alpine each repository of each release, which need not be there yet', () => {
    const alpine = sources({
      addresses: { ...off, 'alpine-secdb': 'http://a/' },
      alpineReleases: ['v3.9', 'edge'],
    })
    expect(alpine.map(({ id, url, optional }) => [id, url, optional])).toEqual(
      ['edge', 'v3.9'].flatMap((release) =>
        ['community', 'main'].map((repository) => [
          `alpine-secdb/${release}/${repository}`,
          `http://a/${release}/${repository}.json`,
          true,
        ]),
      ),
    )
  })
})

it.each([
  [undefined, 7 * 86_400],
  [60, 60],
  [0, 0],
])('with %s seconds configured, %i are too old', (staleAfter, expected) => {
  const feeds = staleAfter === undefined ? undefined : { addresses: {}, staleAfter }
  expect(staleAfterOf(feeds === undefined ? {} : { feeds })).toBe(expected)
})

it('the store is that of the cache, or where the person says from where he is', () => {
  const places = { cacheDir: '/cache', workingDir: '/home/me' }
  expect([storeFolder(places), storeFolder(places, 'mine'), storeFolder(places, '/theirs')]).toEqual([
    '/cache/feeds',
    '/home/me/mine',
    '/theirs',
  ])
  expect(retentionOf({ feeds: { addresses: {}, history: 5 } })).toEqual({ size: 5 })
})
