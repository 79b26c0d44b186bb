import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { glob } from './glob.ts'

/** What a pattern means, tried in every way: takes exponential time, and is evidently right. */
function naive(pattern: readonly string[], text: readonly string[]): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return text.length === 0
  const [char, ...others] = text
  if (first === '*' || first === '**') {
    const taken = char !== undefined && (first === '**' || char !== '/') && naive(pattern, others)
    return taken || naive(rest, text)
  }
  const one = first === '?' ? char !== undefined && char !== '/' : char === first
  return one && naive(rest, others)
}

describe('patterns', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'ab', false],
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'abc', true],
    ['*', 'a/b', false],
    ['**', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**', 'a', false],
    ['?', 'a', true],
    ['?', '', false],
    ['?', '/', false],
    ['?', '😀', true],
    ['**', 'a\nb', true],
    ['lib*.so.?', 'libssl.so.3', true],
    ['lib*.so.?', 'lib', false],
    ['*.so', 'a.so.1', false],
    ['1.26.*', '1.26.3-2+deb12u1', true],
    ['a.b', 'aXb', false],
    ['a.?', 'aXb', false],
    ['(a|b)+*', '(a|b)+', true],
    ['***', 'x/y', true],
    ['😀*', '😀/', false],
  ])('%j and %j: %s', (pattern, text, expected) => {
    expect(glob(pattern)(text)).toBe(expected)
  })

  it('fit what they mean, tried in every way', () => {
    const part = fc.constantFrom('a', 'b', '/', '*', '**', '?')
    // Two runs in a row are written as one longer run, which is what they mean unless both stay in a segment.
    const parts = fc
      .array(part, { maxLength: 7 })
      .filter((each) => each.every((one, i) => !(one.startsWith('*') && each[i + 1]?.startsWith('*'))))
    const text = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 8 })
    fc.assert(
      fc.property(parts, text, (pattern, candidate) => {
        expect(glob(pattern.join(''))(candidate.join(''))).toBe(naive(pattern, candidate))
      }),
      { numRuns: 1000 },
    )
  })

  it('take no longer where an expression would try everything', () => {
    expect(glob('*a*a*a*a*a*a*b')('a'.repeat(20_000))).toBe(false)
    expect(glob(`${'**a'.repeat(100)}b`)('a'.repeat(5000))).toBe(false)
    expect(glob(`${'?*'.repeat(100)}/`)('a'.repeat(5000))).toBe(false)
  })
})
