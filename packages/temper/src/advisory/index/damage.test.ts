import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import type { Advisory, AdvisoryIndex } from '../../model/advisory/advisory.ts'
import { compileFeed } from './compile-feed.ts'
import {
  advisoryItems,
  sampleAdvisory,
  sampleAffected,
  sampleFeed,
  temporaryFolder,
} from './fixtures/sample.ts'
import { mergeIndexes } from './merge-indexes.ts'
import { openIndex } from './open-index.ts'
import { verifyIndex } from './verify-index.ts'

const now = new Date('2026-05-02T00:00:00Z')
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let path: string
let sound: Buffer

const advisories: readonly Advisory[] = Array.from({ length: 400 }, (_, index) =>
  sampleAdvisory({
    id: `DEBIAN-CVE-2024-${1000 + index}`,
    aliases: [`CVE-2024-${1000 + index}`],
    summary: `problem number ${index}`,
    affected: [sampleAffected({ name: `package-${index % 40}` })],
  }),
)

beforeAll(async () => {
  folder = await temporaryFolder()
  path = join(folder.path, 'sound.index')
  const describeFeed = ({ count }: { count: number }) => sampleFeed('debian', { count })
  await compileFeed(path, { items: advisoryItems(advisories), describe: describeFeed })
  sound = await readFile(path)
})
afterAll(() => folder.remove())

/** Everything that a scan may ask. */
function ask(index: AdvisoryIndex): string {
  const answers = advisories.flatMap(({ aliases, affected }) => [
    affected.flatMap(({ ecosystem, name }) =>
      index
        .lookup(ecosystem, name)
        .map((entry) => [entry.id, entry.feed, entry.summary, entry.affected.ranges]),
    ),
    index.facts(aliases[0] ?? ''),
    index.prediction(aliases[0] ?? ''),
  ])
  return JSON.stringify([answers, index.releases('Debian')])
}

function openAndAsk(file: string): string {
  const index = openIndex(file, { now })
  try {
    return ask(index)
  } finally {
    index.close()
  }
}

async function damaged(bytes: Uint8Array): Promise<string> {
  const file = join(folder.path, 'damaged.index')
  await writeFile(file, bytes)
  return file
}

describe('an index that is damaged', () => {
  it('is refused wherever it is cut off', async () => {
    for (let size = 0; size < sound.length; size += 1 + Math.floor(size / 60)) {
      const file = await damaged(sound.subarray(0, size))
      expect(() => openIndex(file, { now })).toThrow(expect.objectContaining({ code: 'bad-index' }))
    }
    const longer = await damaged(Buffer.concat([sound, Buffer.alloc(1)]))
    expect(() => openIndex(longer, { now })).toThrow(expect.objectContaining({ code: 'bad-index' }))
  })

  it('never answers otherwise than before, nor with another error, when a byte is changed', async () => {
    const expected = openAndAsk(path)
    await fc.assert(
      fc.asyncProperty(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const bytes = Buffer.from(sound)
        bytes[place] = (bytes[place] ?? 0) ^ change
        const file = await damaged(bytes)
        let answer: string
        try {
          answer = openAndAsk(file)
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-index' })
          return
        }
        expect(answer).toBe(expected)
        await expect(verifyIndex(file)).rejects.toMatchObject({ code: 'bad-index' })
      }),
      { numRuns: 150 },
    )
  })

  it('may hold any description with a right digest, and is still refused or read', async () => {
    const { encodeHeader } = await import('./storage/index-file.ts')
    const { createHash } = await import('node:crypto')
    const end = Number(sound.readBigUInt64LE(16))
    const meta = JSON.parse(sound.toString('utf8', end)) as Record<string, unknown>
    const forged = (value: unknown) => {
      const text = Buffer.from(JSON.stringify(value) ?? 'null')
      const header = encodeHeader({
        metaSize: text.length,
        metaOffset: end,
        fileSize: end + text.length,
        metaDigest: createHash('sha256').update(text).digest('hex'),
      })
      return Buffer.concat([header, sound.subarray(header.length, end), text])
    }
    const tables = meta['tables'] as Record<string, { root: Record<string, number>; levels: number }>
    const { root, levels } = tables['packages'] ?? { root: {}, levels: 0 }
    const withRoot = (changed: Record<string, unknown>) => ({
      ...meta,
      tables: { ...tables, packages: { ...tables['packages'], ...changed } },
    })
    const values: unknown[] = [
      null,
      [],
      'text',
      {},
      { ...meta, feeds: [null] },
      { ...meta, feeds: [] },
      { ...meta, tables: null },
      withRoot({ levels: 1_000_000 }),
      withRoot({ levels: 9 }),
      withRoot({ levels: levels + 1 }),
      withRoot({ levels: levels - 1 }),
      withRoot({ root: null }),
      withRoot({ root: { ...root, offset: Number.MAX_SAFE_INTEGER } }),
      withRoot({ root: { ...root, stored: 2 ** 32 } }),
      withRoot({ root: { ...root, size: 2 ** 40 } }),
      withRoot({ root: { ...root, size: 1 } }),
      withRoot({ root: { ...root, offset: -1 } }),
      withRoot({ root: { ...root, offset: 0 } }),
    ]
    for (const value of values) {
      const file = await damaged(forged(value))
      try {
        openAndAsk(file)
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-index' })
        continue
      }
      await expect(verifyIndex(file)).rejects.toBeInstanceOf(TemperError)
    }
  })

  it('cannot be merged, and leaves nothing behind', async () => {
    const bytes = Buffer.from(sound)
    bytes[200] = (bytes[200] ?? 0) ^ 1
    const file = await damaged(bytes)
    const target = join(folder.path, 'merged.index')
    await expect(mergeIndexes(target, [{ path: file, position: 0 }])).rejects.toMatchObject({
      code: 'bad-index',
    })
    await expect(readFile(target)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
