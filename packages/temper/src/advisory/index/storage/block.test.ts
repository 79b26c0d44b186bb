import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareRows, type Row } from '../record/row.ts'
import {
  BlockBuilder,
  type BlockRef,
  blockRefSize,
  decodeBlockRef,
  encodeBlockRef,
  openBlock,
  RowBlock,
} from './block.ts'
import { BlockCache } from './block-cache.ts'
import { varintSize, writeVarint } from './varint.ts'

/** Few letters, so that keys share beginnings; NUL and high bytes, since keys are bytes. */
const key = fc
  .array(fc.constantFrom('a', 'b', 'ab', '\0', '\u00ff', '\u0080'), { maxLength: 8 })
  .map((all) => all.join(''))
const value = fc.uint8Array({ maxLength: 20 })
const rows = fc
  .array(fc.record({ key, value }), { maxLength: 40 })
  .map((all) => all.map((row): Row => ({ key: row.key, value: Buffer.from(row.value) })).sort(compareRows))

function built(all: readonly Row[]): { readonly stored: Buffer; readonly ref: BlockRef } {
  const builder = new BlockBuilder()
  for (const row of all) builder.add(row.key, row.value)
  const { bytes, size, checksum } = builder.finish()
  return { stored: bytes, ref: { offset: 0, stored: bytes.length, size, checksum } }
}

function opened(all: readonly Row[]): RowBlock {
  const { stored, ref } = built(all)
  return openBlock(stored, ref)
}

const plain = (given: readonly Row[]) => given.map((row) => ({ key: row.key, value: [...row.value] }))

describe('a block', () => {
  it('has the rows that were put into it', () => {
    fc.assert(
      fc.property(rows, (all) => {
        expect(plain(opened(all).rows())).toEqual(plain(all))
      }),
    )
  })

  it('finds those whose keys begin with something, and says whether more may follow', () => {
    fc.assert(
      fc.property(rows, key, (all, start) => {
        const matching: Row[] = []
        const block = opened(all)
        const more = block.startingWith(Buffer.from(start, 'latin1'), (rest, each) => {
          matching.push({ key: start + rest, value: each })
        })
        expect(plain(matching)).toEqual(plain(all.filter((row) => row.key.startsWith(start))))
        expect(more).toBe(!all.some((row) => row.key > start && !row.key.startsWith(start)))
      }),
      { numRuns: 300 },
    )
  })

  it('gives the values from the first row on that is not below a key, until one is enough', () => {
    fc.assert(
      fc.property(rows, key, fc.nat(5), (all, wanted, most) => {
        const values: Buffer[] = []
        const more = opened(all).notBelow(Buffer.from(wanted, 'latin1'), (each) => values.push(each) <= most)
        const from = all.filter((row) => row.key >= wanted)
        expect(values.map((each) => [...each])).toEqual(from.slice(0, most + 1).map((row) => [...row.value]))
        expect(more).toBe(from.length <= most)
      }),
    )
  })

  it('grows with its rows, and is empty again when it is finished', () => {
    const builder = new BlockBuilder()
    const large = Buffer.alloc(100_000, 'x')
    builder.add('a', large)
    builder.add('k'.repeat(1000), large)
    expect([builder.rows, builder.lastKey.length]).toEqual([2, 1000])
    expect(builder.size).toBeGreaterThan(201_000)
    const { bytes, size, checksum } = builder.finish()
    const block = openBlock(bytes, { offset: 0, stored: bytes.length, size, checksum })
    expect(block.rows().map((row) => [row.key.length, row.value.length])).toEqual([
      [1, 100_000],
      [1000, 100_000],
    ])
    expect([builder.rows, builder.size, builder.lastKey]).toEqual([0, 0, ''])
  })

  it('is refused when its bytes are others, or inflate to more or less than is said', () => {
    const { stored, ref } = built([{ key: 'a', value: Buffer.from('value') }])
    for (let at = 0; at < stored.length; at++) {
      const damaged = Buffer.from(stored)
      damaged[at] = (damaged[at] ?? 0) ^ 1
      expect(() => openBlock(damaged, ref)).toThrow('the block at byte 0 is damaged')
    }
    expect(() => openBlock(stored, { ...ref, size: ref.size + 1 })).toThrow(
      'the block at byte 0 has another size',
    )
    expect(() => openBlock(stored, { ...ref, size: ref.size - 1 })).toThrow()
    const nothing = Buffer.from('no deflated data')
    expect(() => openBlock(nothing, { ...ref, checksum: crc32(nothing) })).toThrow()
  })

  it('throws nothing but RangeError, whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), key, (bytes, start) => {
        for (const read of [
          (block: RowBlock) => block.rows(),
          (block: RowBlock) => block.startingWith(Buffer.from(start, 'latin1'), () => {}),
          (block: RowBlock) => block.notBelow(Buffer.from(start, 'latin1'), () => true),
        ]) {
          try {
            read(new RowBlock(Buffer.from(bytes)))
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError)
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('where a block is', () => {
  it('is written and read as it was', () => {
    const ref = fc.record({
      offset: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
      stored: fc.nat(2 ** 31),
      size: fc.nat(2 ** 31),
      checksum: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    })
    fc.assert(
      fc.property(ref, (each) => {
        const bytes = encodeBlockRef(each)
        expect(bytes).toHaveLength(blockRefSize)
        expect(decodeBlockRef(bytes)).toEqual(each)
      }),
    )
  })
})

describe('numbers in groups of seven bits', () => {
  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [300, 'ac02'],
    [16_383, 'ff7f'],
    [2 ** 31 - 1, 'ffffffff07'],
  ])('%i is %s', (number, expected) => {
    const target = Buffer.alloc(varintSize + 3)
    const end = writeVarint(target, number, 2)
    expect(target.toString('hex', 2, end)).toBe(expected)
    expect(end - 2).toBeLessThanOrEqual(varintSize)
  })
})

describe('the blocks that are kept', () => {
  const block = new RowBlock(Buffer.alloc(0))

  it('are those that were used last', () => {
    const cache = new BlockCache(100)
    cache.put(1, block, 40)
    cache.put(2, block, 40)
    expect(cache.get(1)).toBe(block)
    cache.put(3, block, 40)
    expect([cache.get(1), cache.get(2), cache.get(3)]).toEqual([block, undefined, block])
  })

  it('are none that are too large, and no more than fit', () => {
    const cache = new BlockCache(100)
    cache.put(1, block, 60)
    cache.put(2, block, 101)
    expect([cache.get(1), cache.get(2)]).toEqual([undefined, undefined])
    cache.put(3, block, 100)
    expect(cache.get(3)).toBe(block)
  })

  it('count once, however often they are put', () => {
    const cache = new BlockCache(100)
    for (let round = 0; round < 10; round++) cache.put(1, block, 40)
    cache.put(2, block, 40)
    expect([cache.get(1), cache.get(2)]).toEqual([block, block])
  })
})
