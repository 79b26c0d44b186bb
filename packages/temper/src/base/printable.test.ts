import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printable, printableJson, printableLine } from './printable.ts'

const steering = [
  '\x1b[2J',
  '\x1b]0;title\x07',
  '\x9b2J',
  '\r',
  '\x7f',
  '\u202e',
  '\u2066',
  '\u2028',
  '\u{e0041}',
]

describe('printable text', () => {
  test.each(steering)('shows %j as an escape', (text) => {
    expect(printable(text)).toMatch(/^[\x20-\x7e]+$/)
  })

  test('leaves ordinary text, tabs and line feeds alone', () => {
    const text = 'Grüße, 世界 ✓\n\tline'
    expect(printable(text)).toBe(text)
  })

  test('fits one line', () => {
    expect(printableLine('a\r\nb\tc\x1b')).toBe('a b c\\u001b')
    expect(printableLine('x'.repeat(300))).toHaveLength(200)
    expect(printableLine('abcdef', { most: 4 })).toBe('abc…')
  })
})

describe('printable JSON', () => {
  test('says the same as JSON and holds nothing that steers', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.constantFrom(...steering)), (value) => {
        const text = printableJson(value)
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})
