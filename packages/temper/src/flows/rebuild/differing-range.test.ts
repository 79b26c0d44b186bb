import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differingRange } from './differing-range.ts'

/** The bytes in pieces that end at `cuts`, some of which may be empty. */
async function* pieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    yield bytes.subarray(start, cut)
    start = Math.max(start, Math.min(cut, bytes.length))
  }
  yield bytes.subarray(start)
}

function whole(text: string) {
  return pieces(Buffer.from(text), [])
}

describe('the range in which two streams differ', () => {
  it.each([
    ['', '', undefined],
    ['same', 'same', undefined],
    ['hello', 'hallo', { start: 1, end: 2 }],
    ['a-c-e', 'b-c-d', { start: 0, end: 5 }],
    ['short', 'shorter', { start: 5, end: 7 }],
    ['shorter', 'short', { start: 5, end: 7 }],
    ['xhort', 'shorter', { start: 0, end: 7 }],
    ['', 'x', { start: 0, end: 1 }],
  ])('of %j and %j is %j', async (a, b, range) => {
    expect(await differingRange(whole(a), whole(b))).toEqual(range)
  })

  it('is the smallest outside which they are equal, however they come', async () => {
    const bytes = fc.uint8Array({ max: 2, maxLength: 12 })
    const cuts = fc.array(fc.nat(14), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(bytes, bytes, cuts, cuts, async (a, b, cutsOfA, cutsOfB) => {
        const length = Math.max(a.length, b.length)
        const places = Array.from({ length }, (_, i) => i).filter((i) => a[i] !== b[i])
        const [start, end] = [places[0], places.at(-1)]
        const expected = start === undefined || end === undefined ? undefined : { start, end: end + 1 }
        expect(await differingRange(pieces(a, cutsOfA), pieces(b, cutsOfB))).toEqual(expected)
      }),
    )
  })

  it('leaves neither stream open, whichever fails', async () => {
    const closed: string[] = []
    async function* stream(name: string, fails: boolean): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.from('a')
        if (fails) throw new Error(`${name} is cut off`)
        yield Buffer.from('b')
      } finally {
        closed.push(name)
      }
    }
    await expect(differingRange(stream('left', false), stream('right', true))).rejects.toThrow(
      'right is cut off',
    )
    expect(closed.sort()).toEqual(['left', 'right'])
  })
})
