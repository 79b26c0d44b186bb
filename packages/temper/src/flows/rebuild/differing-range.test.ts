import fc from 'fast-check'
import { expect, it } from 'vitest'
import { differingRange } from './differing-range.ts'

async function* pieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** The obvious way: byte by byte. */
function expected(a: Uint8Array, b: Uint8Array) {
  const length = Math.max(a.length, b.length)
  const places = Array.from({ length }, (_, i) => i).filter((i) => a[i] !== b[i])
  const [first, last] = [places[0], places.at(-1)]
  return first === undefined || last === undefined ? undefined : { start: first, end: last + 1 }
}

it('is the same however the bytes come', async () => {
  const bytes = fc.uint8Array({ max: 2, maxLength: 40 })
  const size = fc.integer({ min: 1, max: 9 })
  await fc.assert(
    fc.asyncProperty(bytes, bytes, size, size, async (a, b, sizeA, sizeB) => {
      expect(await differingRange(pieces(a, sizeA), pieces(b, sizeB))).toEqual(expected(a, b))
      expect(await differingRange(pieces(a, sizeA), pieces(a, sizeB))).toBeUndefined()
    }),
  )
})
