import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import type { Advisory, AdvisoryEntry, AdvisoryIndex } from '../../model/advisory/advisory.ts'
import { compileFeed } from './compile-feed.ts'
import { memoryIndex } from './fixtures/memory-index.ts'
import { advisoriesOf, advisoryItems, sampleFeed, temporaryFolder } from './fixtures/sample.ts'
import { mergeIndexes } from './merge-indexes.ts'
import { openIndex } from './open-index.ts'
import { verifyIndex } from './verify-index.ts'

const now = new Date('2026-05-02T00:00:00Z')
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let number = 0

beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

/** An index file of the advisories of several feeds, made as the store makes it. */
async function build(feeds: readonly (readonly Advisory[])[], memory: number): Promise<string> {
  const parts = []
  for (const [position, advisories] of feeds.entries()) {
    const path = join(folder.path, `${number++}.part`)
    const describeFeed = ({ count }: { count: number }) => sampleFeed(`feed-${position}`, { count })
    await compileFeed(path, { items: advisoryItems(advisories), describe: describeFeed }, { memory })
    parts.push({ path, position: 0 })
  }
  const path = join(folder.path, `${number++}.index`)
  await mergeIndexes(path, parts)
  for (const part of parts) await rm(part.path)
  return path
}

/** Every member read: entries of an index on disk compute some. */
function plain(entry: AdvisoryEntry) {
  const { id, feed, aliases, covers, summary, published, modified, severity, references, affected } = entry
  return { id, feed, aliases, covers, summary, published, modified, severity, references, affected }
}

function sorted(entries: readonly AdvisoryEntry[]) {
  return entries.map(plain).map(canonicalJson).sort()
}

function expectSame(actual: AdvisoryIndex, expected: AdvisoryIndex, all: readonly Advisory[]) {
  const places = all.flatMap(({ affected }) => affected)
  for (const { ecosystem, name } of [...places, { ecosystem: 'Debian:12', name: 'never-heard-of' }]) {
    const entries = actual.lookup(ecosystem, name)
    // Several packages of one record may have one name: their order among each other says nothing.
    expect(sorted(entries)).toEqual(sorted(expected.lookup(ecosystem, name)))
    const ids = entries.map(({ id }) => Buffer.from(id, 'utf8'))
    expect(ids).toEqual([...ids].sort(Buffer.compare))
  }
  for (const id of new Set([...all.flatMap((each) => [each.id, ...each.aliases]), 'CVE-1999-0001']))
    expect(actual.facts(id)).toEqual(expected.facts(id))
  for (const family of ['Debian', 'Alpine', 'npm', 'Nobody', 'Other'])
    expect(actual.releases(family)).toEqual(expected.releases(family))
}

describe('an index on disk', () => {
  it('answers as the one in memory does', async () => {
    await fc.assert(
      fc.asyncProperty(
        advisoriesOf('feed-0'),
        advisoriesOf('feed-1'),
        fc.constantFrom(1, 2000, 1 << 20),
        async (first, second, memory) => {
          const path = await build([first, second], memory)
          const feeds = [
            sampleFeed('feed-0', { count: first.length }),
            sampleFeed('feed-1', { count: second.length }),
          ]
          const opened = openIndex(path, { now })
          try {
            expect(opened.feeds).toEqual(feeds)
            expectSame(opened, memoryIndex({ feeds, advisories: [...first, ...second] }), [
              ...first,
              ...second,
            ])
          } finally {
            opened.close()
          }
          await verifyIndex(path)
          await rm(path)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('is the same file whatever the order of records and the memory for sorting', async () => {
    await fc.assert(
      fc.asyncProperty(advisoriesOf('feed-0'), async (advisories) => {
        const one = await build([advisories], 1 << 20)
        const other = await build([[...advisories].reverse()], 1)
        expect((await readFile(one)).equals(await readFile(other))).toBe(true)
        await rm(one)
        await rm(other)
      }),
      { numRuns: 20 },
    )
  })

  it('holds packages with more entries than a block', async () => {
    const advisories = Array.from({ length: 5000 }, (_, index): Advisory => {
      const id = `CVE-2024-${10_000 + index}`
      const affected = ['linux', 'linux-tools'].map((name) => ({
        ecosystem: 'Debian:12',
        name,
        ranges: [{ scheme: 'dpkg' as const, events: [{ introduced: '0' }, { fixed: `6.1.${index}-1` }] }],
        versions: [],
      }))
      return { id, aliases: [], feed: 'feed-0', severity: [], affected }
    })
    const index = openIndex(await build([advisories], 100_000), { now })
    const entries = index.lookup('Debian:12', 'linux')
    expect(entries.map(({ id }) => id)).toEqual(advisories.map(({ id }) => id))
    expect(index.lookup('Debian:12', 'linux-tools')).toHaveLength(5000)
    expect(index.lookup('Debian:12', 'linu')).toEqual([])
    expect(entries[4999]?.affected.ranges[0]?.events[1]).toEqual({ fixed: '6.1.4999-1' })
    index.close()
  })
})
