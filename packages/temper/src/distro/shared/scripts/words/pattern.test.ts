import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fuel, OutOfFuel } from '../fuel.ts'
import { escapePattern, hasPattern, matchesPattern, removeAffix, unescapePattern } from './pattern.ts'

const fuel = () => new Fuel(100_000)

describe('matchesPattern', () => {
  it.each([
    ['*', 'a/b', true],
    ['a*c', 'abbc', true],
    ['a*c', 'abcd', false],
    ['?b', 'ab', true],
    ['[ab]c', 'bc', true],
    ['[!ab]c', 'bc', false],
    ['[a-c]', 'b', true],
    ['[[:digit:]]*', '7x', true],
    ['[]x]', ']', true],
    ['[[:constructor:]]', 'x', false],
    ['[', '[', true],
    ['a[', 'a[', true],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['', '', true],
  ])('%j over %j is %j', (pattern, text, expected) => {
    expect(matchesPattern(pattern, text, fuel())).toBe(expected)
  })

  it('takes an escaped text as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(matchesPattern(escapePattern(text), text, fuel())).toBe(true)
        expect(unescapePattern(escapePattern(text))).toBe(text)
        expect(hasPattern(escapePattern(text))).toBe(false)
      }),
    )
  })

  it('stops at patterns that ask for too much', () => {
    expect(() => matchesPattern(`*${'a'.repeat(300)}b`, 'a'.repeat(20_000), fuel())).toThrow(OutOfFuel)
  })
})

describe('removeAffix', () => {
  it.each([
    ['a.b.c', '*.', '#', 'b.c'],
    ['a.b.c', '*.', '##', 'c'],
    ['a.b.c', '.*', '%', 'a.b'],
    ['a.b.c', '.*', '%%', 'a'],
    ['abc', 'x', '#', 'abc'],
  ] as const)('takes %j off by %j with %s', (text, pattern, operator, expected) => {
    expect(removeAffix(text, pattern, { operator, fuel: fuel() })).toBe(expected)
  })
})
