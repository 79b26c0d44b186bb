import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textPattern } from './pattern.ts'

describe('patterns', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'ab', false],
    ['*', '', true],
    ['*', 'abc', true],
    ['*', 'a/b', false],
    ['**', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**', 'a', false],
    ['?', 'a', true],
    ['?', '/', false],
    ['?', '😀', true],
    ['lib*.so.?', 'libssl.so.3', true],
    ['*.so', 'a.so.1', false],
    ['a.b', 'aXb', false],
    ['(a|b)+', '(a|b)+', true],
    ['***', 'x/y', true],
  ])('%j and %j: %s', (pattern, text, expected) => {
    expect(textPattern(pattern)(text)).toBe(expected)
  })

  it('fit as the regular expression that they stand for', () => {
    const part = fc.constantFrom('a', 'b', '/', '*', '**', '?')
    const text = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 8 }).map((chars) => chars.join(''))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), text, (parts, candidate) => {
        const pattern = parts.join('')
        const source = pattern.replaceAll(/\*{2,}|\*|\?/g, (wild) =>
          wild === '*' ? '[^/]*' : wild === '?' ? '[^/]' : '.*',
        )
        expect(textPattern(pattern)(candidate)).toBe(new RegExp(`^${source}$`, 's').test(candidate))
      }),
      { numRuns: 500 },
    )
  })

  it('take no longer for patterns that would make an expression try everything', () => {
    expect(textPattern(`${'**a'.repeat(100)}b`)('a'.repeat(5000))).toBe(false)
  })
})
