import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import { mergeRows } from '../merge-rows.ts'
import { compareRows, type Row } from '../record/row.ts'
import { BlockCache } from './block-cache.ts'
import { FileSink } from './file-sink.ts'
import { decodeHeader, encodeHeader, headerSize, metaLimit } from './index-file.ts'
import { RowSorter } from './row-sorter.ts'
import { readRun, writeRun } from './run-file.ts'
import { Table } from './table.ts'
import { type TableRef, TableWriter } from './table-writer.ts'

let folder = ''
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-table-'))
})
afterAll(() => rm(folder, { recursive: true }))

const key = fc
  .array(fc.constantFrom('a', 'b', 'package-name', '\0', '\u00ff'), { minLength: 1, maxLength: 6 })
  .map((all) => all.join(''))
const row = fc
  .record({ key, value: fc.uint8Array({ maxLength: 300 }) })
  .map((each): Row => ({ key: each.key, value: Buffer.from(each.value) }))
const plain = (rows: readonly Row[]) =>
  rows.map((each) => `${each.key} ${Buffer.from(each.value).toString('hex')}`)

/** A file with one table of rows, opened as long as `use` takes. */
async function withTable<T>(
  rows: readonly Row[],
  use: (table: Table, ref: TableRef) => T,
  cacheSize = 1 << 20,
): Promise<T> {
  const path = join(folder, `table-${files++}`)
  const sink = await FileSink.create(path)
  const writer = new TableWriter(sink)
  for (const each of rows) writer.add(each)
  const ref = writer.finish()
  const end = sink.size
  await sink.finish()
  await sink.close()
  const descriptor = openSync(path, 'r')
  try {
    return use(new Table({ path, descriptor, end, cache: new BlockCache(cacheSize) }, ref), ref)
  } finally {
    closeSync(descriptor)
  }
}

const manyRows = (count: number, size = 20): readonly Row[] =>
  Array.from({ length: count }, (_, at) => ({
    key: `key-${String(at).padStart(6, '0')}`,
    value: Buffer.from(
      sha256(String(at))
        .slice(7)
        .repeat(Math.ceil(size / 64))
        .slice(0, size),
    ),
  }))

describe('a table', () => {
  it('gives all rows in order, and those that begin with something', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 200 }), key, async (all, start) => {
        const sorted = all.toSorted(compareRows)
        await withTable(sorted, (table, ref) => {
          expect(ref.rows).toBe(sorted.length)
          expect(plain([...table.blocks()].flat())).toEqual(plain(sorted))
          const matching: Row[] = []
          table.each(start, (rest, value) => matching.push({ key: start + rest, value }))
          expect(plain(matching)).toEqual(plain(sorted.filter((each) => each.key.startsWith(start))))
        })
      }),
      { numRuns: 40 },
    )
  })

  it.each([
    [0, 0],
    [1, 1],
    [300, 2],
    [4000, 3],
  ])('of %i rows has %i levels', async (count, levels) => {
    const rows = manyRows(count, 300)
    await withTable(rows, (table, ref) => {
      expect(ref.levels).toBe(levels)
      expect(table.rows).toBe(count)
      for (const at of [0, 1, Math.floor(count / 2), count - 1]) {
        if (at < 0 || at >= count) continue
        const entries: string[] = []
        table.each(`key-${String(at).padStart(6, '0')}`, (rest, value) =>
          entries.push(rest + value.toString()),
        )
        expect(entries).toEqual([Buffer.from(rows[at]?.value ?? []).toString()])
      }
    })
  })

  it('finds rows of one key in however many blocks they are', async () => {
    const same = Array.from(
      { length: 500 },
      (_, at): Row => ({ key: 'same', value: Buffer.from(String(at).padStart(60, '0')) }),
    )
    await withTable(
      [
        { key: 'before', value: Buffer.alloc(0) },
        ...same,
        { key: 'same-not', value: Buffer.alloc(0) },
        { key: 'tail', value: Buffer.alloc(0) },
      ],
      (table) => {
        const entries: string[] = []
        table.each('same', (rest, value) => entries.push(`${rest}${value}`))
        expect(entries).toHaveLength(501)
        expect(entries.at(-1)).toBe('-not')
      },
    )
  })

  it('answers the same whatever is kept of it', async () => {
    await withTable(
      manyRows(2000),
      (table) => {
        for (let round = 0; round < 2; round++)
          for (const at of [0, 1999, 1000]) {
            let count = 0
            table.each(`key-${String(at).padStart(6, '0')}`, () => void count++)
            expect(count).toBe(1)
          }
      },
      0,
    )
  })

  it('takes rows in order only', async () => {
    const sink = await FileSink.create(join(folder, 'unordered'))
    const writer = new TableWriter(sink)
    writer.add({ key: 'b', value: Buffer.alloc(0) })
    writer.add({ key: 'b', value: Buffer.alloc(0) })
    expect(() => writer.add({ key: 'a', value: Buffer.alloc(0) })).toThrow(RangeError)
    await sink.close()
  })

  it.each<[string, (ref: TableRef) => TableRef]>([
    ['has too many levels', (ref) => ({ ...ref, levels: 13 })],
    ['lies outside the file', (ref) => changed(ref, { offset: 1e9 })],
    ['is larger than any block', (ref) => changed(ref, { stored: 1 << 30 })],
    ['inflates to more than any block', (ref) => changed(ref, { size: 1 << 30 })],
    ['has another checksum', (ref) => changed(ref, { checksum: 1 })],
    ['has more levels than are there', (ref) => ({ ...ref, levels: ref.levels + 1 })],
  ])('is refused when it %s', async (_title, change) => {
    await withTable(manyRows(10), (_table, ref) => {
      const path = join(folder, `table-${files - 1}`)
      const descriptor = openSync(path, 'r')
      const read = () => {
        const table = new Table(
          { path, descriptor, end: ref.root?.stored ?? 0, cache: new BlockCache(0) },
          change(ref),
        )
        table.each('key', () => {})
      }
      expect(read).toThrow(TemperError)
      expect(read).toThrow(/not a usable index of advisories/)
      closeSync(descriptor)
    })
  })
})

function changed(ref: TableRef, change: Partial<NonNullable<TableRef['root']>>): TableRef {
  if (ref.root === undefined) throw new Error('there is no root')
  return { ...ref, root: { ...ref.root, ...change } }
}

async function collected(batches: AsyncIterable<readonly Row[]>): Promise<readonly Row[]> {
  const all: Row[] = []
  for await (const rows of batches) all.push(...rows)
  return all
}

async function* inParts(rows: readonly Row[], size: number): AsyncGenerator<readonly Row[]> {
  yield []
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size)
}

describe('rows that are sorted', () => {
  it('come in order and once, whatever memory there is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 60 }),
        fc.constantFrom(1, 2000, 1 << 20),
        async (all, budget) => {
          const sorter = new RowSorter({ folder, name: `run-${files++}`, budget })
          for (const each of all) {
            sorter.add(each)
            await sorter.drain()
          }
          const expected = [
            ...new Map(all.toSorted(compareRows).map((each) => [plain([each])[0], each])).values(),
          ]
          expect(plain(await collected(sorter.sorted()))).toEqual(plain(expected))
          expect((await readdir(folder)).filter((name) => name.endsWith('.run'))).toEqual([])
        },
      ),
      { numRuns: 20 },
    )
  })

  it('are merged from any number of sources', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(row, { maxLength: 20 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 7 }),
        async (sources, size) => {
          const merged = mergeRows(sources.map((rows) => inParts(rows.toSorted(compareRows), size)))
          expect(plain(await collected(merged))).toEqual(plain(sources.flat().toSorted(compareRows)))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('close their sources when nobody reads on', async () => {
    let closed = 0
    async function* source(): AsyncGenerator<readonly Row[]> {
      try {
        for (;;) yield Array.from({ length: 3000 }, (): Row => ({ key: 'a', value: Buffer.alloc(0) }))
      } finally {
        closed++
      }
    }
    for await (const rows of mergeRows([source(), source()])) {
      expect(rows).toHaveLength(2000)
      break
    }
    expect(closed).toBe(2)
  })

  it('are read from a file as they were written, and not when it is cut off', async () => {
    const path = join(folder, 'rows.run')
    const rows = manyRows(1500, 1000)
    await writeRun(path, rows)
    expect(plain(await collected(readRun(path)))).toEqual(plain(rows))
    const { length } = await readFile(path)
    await truncate(path, length - 1)
    await expect(collected(readRun(path))).rejects.toThrow('cut off')
    await expect(writeRun(path, rows)).rejects.toBeInstanceOf(TemperError)
    await expect(collected(readRun(join(folder, 'none')))).rejects.toBeInstanceOf(TemperError)
  })
})

describe('the file of an index', () => {
  it('has the digest of its bytes, whenever it is asked', async () => {
    const path = join(folder, 'sink')
    const sink = await FileSink.create(path)
    const parts = Array.from({ length: 5 }, (_, at) => Buffer.alloc(400_000, at))
    let place = 0
    for (const [at, part] of parts.entries()) {
      expect(sink.add(part)).toBe(place)
      place += part.length
      expect(`sha256:${sink.digest()}`).toBe(sha256(Buffer.concat(parts.slice(0, at + 1))))
      await sink.drain()
    }
    expect(sink.size).toBe(place)
    await sink.finish(Buffer.from('head'))
    await sink.close()
    const whole = await readFile(path)
    expect(whole.toString('latin1', 0, 4)).toBe('head')
    expect(whole.subarray(4).equals(Buffer.concat(parts).subarray(4))).toBe(true)
    await expect(FileSink.create(path)).rejects.toBeInstanceOf(TemperError)
  })

  const header = { metaSize: 10, metaOffset: 100, fileSize: 110, metaDigest: 'ab'.repeat(32) }

  it('begins with what it says of itself', () => {
    expect(encodeHeader(header)).toHaveLength(headerSize)
    expect(decodeHeader(encodeHeader(header))).toEqual(header)
    const large = { ...header, metaOffset: 2 ** 40, fileSize: 2 ** 40 + 10 }
    expect(decodeHeader(encodeHeader(large))).toEqual(large)
  })

  it.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
    ['too short', (bytes) => bytes.subarray(0, 63), /does not start like one/],
    [
      'another file',
      (bytes) => Buffer.concat([Buffer.from('x'), bytes.subarray(1)]),
      /does not start like one/,
    ],
    [
      'of another format',
      (bytes) => Buffer.concat([bytes.subarray(0, 8), Buffer.of(9), bytes.subarray(9)]),
      /its format is 9, not 2/,
    ],
    [
      'described at length',
      () => encodeHeader({ ...header, metaSize: metaLimit + 1 }),
      /its description has 4194305 bytes/,
    ],
    [
      'described before its blocks',
      () => encodeHeader({ ...header, metaOffset: 63, fileSize: 73 }),
      /do not fit/,
    ],
    ['of another size', () => encodeHeader({ ...header, fileSize: 111 }), /do not fit/],
  ])('is refused when it is %s', (_title, change, message) => {
    expect(() => decodeHeader(change(encodeHeader(header)))).toThrow(message)
  })

  it('is made anew', async () => {
    await writeFile(join(folder, 'there'), '')
    await expect(FileSink.create(join(folder, 'there'))).rejects.toBeInstanceOf(TemperError)
  })
})
