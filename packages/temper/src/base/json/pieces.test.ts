import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MadeList, madeInTurn, withListsMade } from './made-list.ts'
import { jsonTextPieces } from './pieces.ts'

const text = (value: unknown, indent?: number) => [...jsonTextPieces(value, indent)].join('')

test.each([0, 2])('pieces make the text that JSON.stringify makes, indented by %d', (indent) => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      // Many times over, so that nothing of it is small.
      const large = { a: Array.from({ length: 40 }, () => [value, 'x'.repeat(500)]), b: value }
      expect(text(large, indent)).toBe(JSON.stringify(large, undefined, indent))
      expect(text(value, indent)).toBe(JSON.stringify(value, undefined, indent))
    }),
  )
})

test('leaves out what JSON has no word for, as JSON.stringify does', () => {
  const long = 'y'.repeat(20_000)
  const values = [
    { a: undefined, b: long, c: () => 1, d: new Date(0), e: [undefined, long], f: {}, g: [] },
    { [long]: undefined },
    [long, { [long]: undefined }],
  ]
  for (const value of values)
    for (const indent of [0, 2]) expect(text(value, indent)).toBe(JSON.stringify(value, undefined, indent))
})

test('no piece is long, and none ends inside of a character', () => {
  const emoji = '\u{1f600}'.repeat(200_000)
  const value = {
    deep: [[[{ list: Array.from({ length: 100_000 }, (_, id) => ({ id })) }]]],
    emoji: `x${emoji}`,
  }
  const pieces = [...jsonTextPieces(value)]
  expect(pieces.length).toBeGreaterThan(10)
  for (const piece of pieces) {
    expect(piece.length).toBeLessThan(200_000)
    expect(piece.isWellFormed()).toBe(true)
  }
  expect(pieces.join('')).toBe(JSON.stringify(value))
})

test.each([0, 2])('a list that is made is written as the list of its items, indented by %d', (indent) => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue({ maxDepth: 3 })), (items) => {
      const made = new MadeList(items, (item) => ({ item }))
      const document = { a: made, b: [{ c: madeInTurn([made, items]) }] }
      const plain = items.map((item) => ({ item }))
      const expected = { a: plain, b: [{ c: [...plain, ...items] }] }
      expect(text(document, indent)).toBe(JSON.stringify(expected, undefined, indent))
      expect(JSON.stringify(document)).toBe(JSON.stringify(expected))
      expect(withListsMade(document)).toEqual(expected)
    }),
  )
})

test('the items of such a list are made as the text is asked for, not before', () => {
  let count = 0
  const items = Array.from({ length: 10_000 }, (_, id) => id)
  const made = new MadeList(items, (id) => ({ id, number: ++count, text: 'x'.repeat(100) }))
  const pieces = jsonTextPieces({ list: made })
  expect(count).toBe(0)
  pieces.next()
  expect(count).toBeLessThan(1000)
  expect([...pieces].length).toBeGreaterThan(10)
  expect(count).toBe(items.length)
})
