import { expect, it } from 'vitest'
import { PackedText } from './packed-text.ts'

function textOf(packed: PackedText): string {
  return Buffer.concat(Array.from(packed, (piece) => Buffer.from(piece))).toString('utf8')
}

it('text comes back as it was put, however much it is, and as often as it is asked for', () => {
  // Characters of one, two, three and four bytes: some lie across the end of a chunk.
  const texts = Array.from({ length: 60 }, (_, at) => `${at} é…\u{1F4E6}`.repeat(8_000))
  const packed = new PackedText()
  for (const text of texts) packed.add(text)
  const whole = texts.join('')
  expect(textOf(packed) === whole).toBe(true)
  expect(textOf(packed) === whole).toBe(true)
})

it('little text, and none', () => {
  const packed = new PackedText()
  expect(textOf(packed)).toBe('')
  packed.add('')
  packed.add('ab')
  packed.add('c')
  expect(textOf(packed)).toBe('abc')
})
