import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunked } from '../../formats/bytes/fixtures/chunked.ts'
import { type JsonPiece, jsonPieces } from './json-members.ts'

const options = { what: 'test.json', limit: 1000 }

async function cut(
  text: string | Uint8Array,
  mode: 'values' | 'members',
  size = 7,
  limit = 10_000,
): Promise<JsonPiece[]> {
  const pieces: JsonPiece[] = []
  for await (const piece of jsonPieces(chunked(Buffer.from(text), size), { ...options, mode, limit }))
    pieces.push(piece)
  return pieces
}

const sizes = fc.integer({ min: 1, max: 40 })

describe('JSON in pieces', () => {
  it('has the elements of any array, however it comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        sizes,
        fc.constantFrom(0, 2),
        async (values, size, indent) => {
          const pieces = await cut(JSON.stringify(values, null, indent), 'members', size)
          expect(pieces.map(({ text }) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(values)))
        },
      ),
    )
  })

  it('has the members of any object, however it comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), sizes, async (value, size) => {
        const pieces = await cut(JSON.stringify(value, null, 1), 'members', size)
        const members = pieces.map(({ name, text }) => [name, JSON.parse(text)])
        expect(members).toEqual(Object.entries(JSON.parse(JSON.stringify(value))))
      }),
    )
  })

  it('has values that stand one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.object(), fc.array(fc.jsonValue()))),
        sizes,
        fc.constantFrom('', '\n', ' \r\n\t'),
        async (values, size, between) => {
          const text = values.map((value) => JSON.stringify(value)).join(between)
          const pieces = await cut(text, 'values', size)
          expect(pieces.map((piece) => JSON.parse(piece.text))).toEqual(
            JSON.parse(`[${values.map((v) => JSON.stringify(v)).join()}]`),
          )
        },
      ),
    )
  })

  it('never ends well when it is cut off', async () => {
    const text = '[{"a":"x\\"]}","b":[1,2]},{"c":null}]'
    for (let size = 1; size < text.length; size++)
      await expect(cut(text.slice(0, size), 'members')).rejects.toMatchObject({ code: 'bad-index' })
  })

  it('never fails but with its own errors', async () => {
    const unit = fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', ' ', '1', 'é', '\n')
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit, maxLength: 40 }),
        fc.constantFrom('values', 'members'),
        sizes,
        async (text, mode, size) => {
          try {
            await cut(text, mode, size)
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^(bad-index|limit-exceeded)$/) })
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('is limited in each piece, and not in all of them together', async () => {
    const large = JSON.stringify(['x'.repeat(200)])
    for (const size of [3, 1000])
      await expect(cut(large, 'members', size, 100)).rejects.toMatchObject({ code: 'limit-exceeded' })
    const many = JSON.stringify(Array.from({ length: 50 }, () => 'x'.repeat(90)))
    expect(await cut(many, 'members', 64, 100)).toHaveLength(50)
  })
})
