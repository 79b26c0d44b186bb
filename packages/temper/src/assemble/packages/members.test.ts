import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  createCompressor,
  defaultCompressor,
  type MemberCompressor,
} from '../../formats/compress/compress.ts'
import { MemberWriter, memberSize } from './members.ts'

let compressor: MemberCompressor
beforeAll(async () => {
  compressor = await createCompressor(defaultCompressor('gzip'))
})

/** Writes the pieces and gives the members. */
async function membersOf(pieces: readonly Uint8Array[], by = compressor): Promise<Uint8Array[]> {
  const members: Uint8Array[] = []
  const writer = new MemberWriter(by, async (bytes) => {
    members.push(bytes)
  })
  for (const piece of pieces) await writer.write(piece)
  await writer.end()
  expect(writer.uncompressedSize).toBe(pieces.reduce((sum, { length }) => sum + length, 0))
  return members
}

const bytes = (size: number) => Uint8Array.from({ length: size }, (_, at) => (at * 31) % 253)

describe('members', () => {
  it.each([
    [0, []],
    [1, [1]],
    [memberSize - 1, [memberSize - 1]],
    [memberSize, [memberSize]],
    [memberSize + 1, [memberSize, 1]],
    [5 * memberSize, Array<number>(5).fill(memberSize)],
  ])('of %d bytes hold %j', async (size, sizes) => {
    const members = await membersOf([bytes(size)])
    const content = members.map((member) => gunzipSync(member))
    expect(content.map(({ length }) => length)).toEqual(sizes)
    expect(Buffer.concat(content).equals(bytes(size))).toBe(true)
  })

  it('depend on the bytes alone, not on how they were written', async () => {
    const all = bytes(memberSize + 5000)
    const whole = await membersOf([all])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(all.length), { maxLength: 5 }), async (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), all.length]
        const pieces = ends.slice(1).map((end, at) => all.subarray(ends[at], end))
        expect(await membersOf(pieces)).toEqual(whole)
      }),
      { numRuns: 4 },
    )
  })

  it('come in order, however long each takes to compress', async () => {
    let calls = 0
    const slow: MemberCompressor = {
      ...compressor,
      compress: async (piece) => {
        const turns = ++calls % 2 === 1 ? 20 : 0
        for (let turn = 0; turn < turns; turn++) await Promise.resolve()
        return Uint8Array.of(piece[0] ?? 0)
      },
    }
    const pieces = Array.from({ length: 7 }, (_, at) => new Uint8Array(memberSize).fill(at))
    expect((await membersOf(pieces, slow)).map(([first]) => first)).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('fail when compressing fails, or when nobody takes them', async () => {
    const failing: MemberCompressor = {
      ...compressor,
      compress: () => Promise.reject(new Error('no memory')),
    }
    await expect(membersOf([bytes(10)], failing)).rejects.toThrow('no memory')
    const writer = new MemberWriter(compressor, () => Promise.reject(new Error('disk full')))
    await writer.write(bytes(10))
    await expect(writer.end()).rejects.toThrow('disk full')
  })
})
