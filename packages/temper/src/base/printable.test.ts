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

describe('a line that is cut', () => {
  test.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['ab😀cd', 4, 'ab…'],
    ['ab😀cd', 5, 'ab😀…'],
    ['😀😀', 3, '😀…'],
    ['😀😀', 2, '…'],
    ['\u001bab', 3, '\\u…'],
  ])('%j to %i characters is %j', (text, most, line) => {
    expect(printableLine(text, { most })).toBe(line)
  })

  test('is never longer than it may be, and never ends with half a character', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '😀', '\u0007', '\n')),
        fc.integer({ min: 1, max: 40 }),
        (parts, most) => {
          const line = printableLine(parts.join(''), { most })
          expect(line.length).toBeLessThanOrEqual(most)
          expect(line.isWellFormed()).toBe(true)
        },
      ),
    )
  })
})
