import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storedXz } from './fixtures/stored.ts'
import { readXzOutline } from './outline.ts'

const parts = [Buffer.alloc(1000, 'a'), Buffer.alloc(3, 'b'), Buffer.alloc(200_000, 'c')]
const data = storedXz(parts)

function outlineOf(bytes: Buffer, size = bytes.length) {
  return readXzOutline(size, async (offset, length) => bytes.subarray(offset, offset + length))
}

describe('readXzOutline', () => {
  it('tells blocks and sizes of one whole stream', async () => {
    const outline = await outlineOf(data)
    expect(outline?.check).toBe(1)
    expect(outline?.uncompressedSize).toBe(201_003)
    expect(outline?.blocks.map(({ uncompressedSize }) => uncompressedSize)).toEqual([1000, 3, 200_000])
    expect(outline?.blocks.map(({ offset }) => data[offset])).toEqual([2, 2, 2])
    expect(await outlineOf(storedXz([]))).toEqual({ blocks: [], uncompressedSize: 0, check: 1 })
  })

  it('is silent about anything else', async () => {
    const others = [
      Buffer.concat([data, data]),
      Buffer.concat([data, Buffer.alloc(4)]),
      data.subarray(0, -4),
      data.subarray(4),
      Buffer.concat([data.subarray(0, 100), data.subarray(104)]),
      Buffer.alloc(100),
      Buffer.alloc(0),
    ]
    for (const other of others) expect(await outlineOf(other)).toBeUndefined()
    expect(await outlineOf(data.subarray(0, -8), data.length)).toBeUndefined()
  })

  it('notices any damage in header, index and footer, and never fails', async () => {
    const tail = data.length - 40
    const place = fc.oneof(fc.nat(11), fc.integer({ min: tail, max: data.length - 1 }))
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const copy = Buffer.from(data)
        copy[at] = (copy[at] as number) ^ flip
        const outline = await outlineOf(copy)
        // The last bytes of content lie before the index.
        if (at < 12 || at > data.length - 28) expect(outline).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })
})
