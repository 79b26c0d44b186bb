import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileFeed } from './compile-feed.ts'
import { itemsOf, sampleAdvisory, sampleAffected, sampleFeed, temporaryFolder } from './fixtures/sample.ts'
import { openIndex } from './open-index.ts'
import { feedStore } from './store/store.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const retention = { size: 1e9 }

beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

const feed = (id: string, published: string, more = {}) => {
  const affected = [sampleAffected({ name: 'zlib' })]
  const { feed: _feed, ...advisory } = sampleAdvisory({ id, aliases: [], published, affected, ...more })
  return { kind: 'advisory' as const, advisory }
}

async function put(path: string, id: string, items: Parameters<typeof itemsOf>[0]) {
  const store = feedStore(path)
  const part = await store.newPart()
  const state = sampleFeed(id)
  const { written } = await compileFeed(part, { items: itemsOf(items), describe: () => state })
  await store.put({ state, partDigest: written.digest, partSize: written.size }, part)
  return store
}

describe('the state of a day in the past', () => {
  it('is the index that was built on that day, or the last one before', async () => {
    const path = join(folder.path, 'days')
    const first = feed('CVE-2024-0001', '2024-01-01T00:00:00Z')
    const second = feed('CVE-2024-0002', '2024-02-01T00:00:00Z')
    await (await put(path, 'a', [first])).publish({ now: new Date('2026-05-01T10:00:00Z'), retention })
    await (await put(path, 'a', [first, second])).publish({
      now: new Date('2026-05-03T10:00:00Z'),
      retention,
    })
    const ids = (asOf?: string) => {
      const options = { now: new Date('2026-05-04'), ...(asOf === undefined ? {} : { asOf }) }
      const index = openIndex(path, options)
      const answer = index.lookup('Debian:12', 'zlib').map(({ id }) => id)
      index.close()
      return { found: answer, asOf: index.asOf }
    }
    expect(ids()).toEqual({ found: ['CVE-2024-0001', 'CVE-2024-0002'], asOf: undefined })
    expect(ids('2026-05-03').found).toEqual(['CVE-2024-0001', 'CVE-2024-0002'])
    expect(ids('2026-05-02')).toEqual({
      found: ['CVE-2024-0001'],
      asOf: { day: '2026-05-02', exact: true, built: '2026-05-01' },
    })
    expect(ids('2026-05-01').found).toEqual(['CVE-2024-0001'])
    // Before the first one it is rebuilt from that: what was published later is left out.
    expect(ids('2024-01-15')).toEqual({
      found: ['CVE-2024-0001'],
      asOf: { day: '2024-01-15', exact: false, built: '2026-05-01' },
    })
    expect(ids('2023-12-31').found).toEqual([])
  })

  it('is rebuilt without what came later, and with what was withdrawn later', async () => {
    const path = join(folder.path, 'rebuilt')
    const store = await put(path, 'a', [
      feed('CVE-2024-0001', '2024-01-01T00:00:00Z', { withdrawn: '2024-03-01T00:00:00Z' }),
      feed('CVE-2024-0002', '2024-04-01T00:00:00Z'),
      { kind: 'exploited', id: 'CVE-2024-0001', value: { added: '2024-02-10' } },
      { kind: 'prediction', id: 'CVE-2024-0001', value: { score: 0.5, percentile: 0.9 } },
    ])
    await store.publish({ now: new Date('2026-05-01T10:00:00Z'), retention })
    const now = new Date('2026-05-01')
    const index = openIndex(path, { now, asOf: '2024-02-15' })
    expect(index.lookup('Debian:12', 'zlib').map(({ id }) => id)).toEqual(['CVE-2024-0001'])
    expect(index.facts('CVE-2024-0002')).toBeUndefined()
    expect(index.exploited('CVE-2024-0001')).toEqual({ added: '2024-02-10' })
    expect(index.prediction('CVE-2024-0001')).toBeUndefined()
    const before = openIndex(path, { now, asOf: '2024-02-01' })
    expect(before.exploited('CVE-2024-0001')).toBeUndefined()
    const present = openIndex(path, { now })
    expect(present.lookup('Debian:12', 'zlib').map(({ id }) => id)).toEqual(['CVE-2024-0002'])
    expect(present.prediction('CVE-2024-0001')).toEqual({ score: 0.5, percentile: 0.9 })
    for (const each of [index, before, present]) each.close()
  })

  it('is kept for every day at first, then for weeks and months, within a budget', async () => {
    const path = join(folder.path, 'kept')
    const start = Date.parse('2026-01-01T06:00:00Z')
    const days = async () => (await feedStore(path).indices()).days
    let store = feedStore(path)
    for (let day = 0; day < 60; day++) {
      store = await put(path, 'a', [feed(`CVE-2024-${1000 + day}`, '2024-01-01T00:00:00Z')])
      const now = new Date(start + day * 86_400_000)
      await store.publish({ now, retention })
      // Files of this hour are never removed: make them as old as their names say.
      const { file } = (await store.pointer()) ?? { file: '' }
      await utimes(join(path, 'index', file), now, now)
    }
    const end = new Date(start + 60 * 86_400_000)
    await (await put(path, 'b', [feed('CVE-2024-2000', '2024-01-01T00:00:00Z')])).publish({
      now: end,
      retention,
    })
    const kept = await days()
    expect(kept.slice(-14)).toEqual(
      Array.from({ length: 14 }, (_, day) =>
        new Date(start + (47 + day) * 86_400_000).toISOString().slice(0, 10),
      ),
    )
    expect(kept.length).toBeGreaterThan(18)
    expect(kept.length).toBeLessThan(24)
    await (await put(path, 'c', [feed('CVE-2024-2001', '2024-01-01T00:00:00Z')])).publish({
      now: new Date(end.getTime() + 86_400_000),
      retention: { size: 1 },
    })
    // What was written within the hour stays, whatever the budget: others may be about to name it.
    expect(await days()).toEqual(['2026-03-02', '2026-03-03'])
  })
})
