import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteCursor } from './byte-cursor.ts'
import { Section } from './section.ts'

/** A stream of chunks, some of them empty, that notes when nobody wants more. */
function streamOf(chunks: readonly Uint8Array[]) {
  const state = { returned: 0 }
  async function* stream(): AsyncGenerator<Uint8Array, void, void> {
    try {
      for (const chunk of chunks) yield chunk
    } finally {
      state.returned++
    }
  }
  return { stream: stream(), state }
}

const chunks = fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 8 })
const step = fc.tuple(fc.constantFrom('read', 'skip', 'take', 'more'), fc.nat(14))

describe('a cursor over chunks', () => {
  it('reads as a cursor over all of the bytes would', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, fc.array(step, { maxLength: 12 }), async (all, steps) => {
        const whole = Buffer.concat(all)
        const cursor = new ByteCursor(streamOf(all).stream)
        let at = 0
        for (const [kind, size] of steps) {
          const rest = whole.subarray(at)
          if (kind === 'read') {
            expect(await cursor.read(size)).toEqual(rest.subarray(0, size))
            at += Math.min(size, rest.length)
          } else if (kind === 'skip') {
            expect(await cursor.skip(size)).toBe(Math.min(size, rest.length))
            at += Math.min(size, rest.length)
          } else if (kind === 'more') expect(await cursor.more()).toBe(rest.length > 0)
          else {
            const view = cursor.take(size)
            expect(view.length).toBeLessThanOrEqual(Math.min(size, rest.length))
            expect(view).toEqual(rest.subarray(0, view.length))
            at += view.length
          }
          expect(cursor.position).toBe(at)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('tells the source once that no more is wanted, unless it has ended', async () => {
    const { stream, state } = streamOf([Buffer.from('abc'), Buffer.from('def')])
    const cursor = new ByteCursor(stream)
    await cursor.read(2)
    await cursor.close()
    await cursor.close()
    expect(state.returned).toBe(1)
    expect(await cursor.more()).toBe(true)
    expect((await cursor.read(9)).toString()).toBe('c')
  })
})

describe('a section of it', () => {
  it('is its bytes, however much of them is read, and the cursor goes on behind it', async () => {
    const input = fc.record({
      all: chunks,
      size: fc.nat(30),
      padding: fc.nat(6),
      taken: fc.nat(5),
      end: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(input, async ({ all, size, padding, taken, end: paddingMayEnd }) => {
        const whole = Buffer.concat(all)
        const cursor = new ByteCursor(streamOf(all).stream)
        const section = new Section(cursor, { size, padding, paddingMayEnd }, () => new Error('cut off'))
        const parts: Uint8Array[] = []
        const read = async () => {
          for (let left = taken; left > 0; left--) {
            const next = await section.next()
            if (next.done === true) break
            parts.push(next.value)
          }
          await section.finish()
        }
        const isWhole = whole.length >= size + (paddingMayEnd ? 0 : padding)
        if (!isWhole) {
          await expect(read()).rejects.toThrow('cut off')
          return
        }
        await read()
        const joined = Buffer.concat(parts)
        expect(joined).toEqual(whole.subarray(0, joined.length))
        expect(joined.length).toBeLessThanOrEqual(size)
        expect((await section.next()).done).toBe(true)
        expect(await cursor.read(100)).toEqual(whole.subarray(size + padding))
      }),
      { numRuns: 300 },
    )
  })
})
