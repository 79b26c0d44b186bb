import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance, suggest } from './suggest.ts'

describe('suggest', () => {
  const names = [
    'bpython',
    'libssl3t64',
    'nginx',
    'nginx-common',
    'nginx-extras',
    'nginx-light',
    'python3',
    'redis',
    'vim',
  ]

  it.each([
    ['nginz', ['nginx']],
    ['ngnix', ['nginx']],
    ['nginx-lite', ['nginx-light']],
    ['ngin', ['nginx', 'nginx-light', 'nginx-common']],
    ['python', ['python3', 'bpython']],
    ['libssl3', ['libssl3t64']],
    ['openjdk', []],
    ['x', []],
  ])('for %s: %j', (wanted, expected) => {
    expect(suggest(wanted, names)).toEqual(expected)
  })
})

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['abc', 'ab', 1],
    ['kitten', 'sitting', 3],
  ])('%j to %j is %i', (a, b, distance) => {
    expect(editDistance(a, b, 5)).toBe(distance)
  })

  it('is symmetric, and says no more than "above the bound"', () => {
    const word = fc.stringMatching(/^[abc]{0,7}$/)
    fc.assert(
      fc.property(word, word, fc.nat(4), (a, b, bound) => {
        const exact = editDistance(a, b, 10)
        expect(editDistance(b, a, 10)).toBe(exact)
        expect(editDistance(a, b, bound)).toBe(exact <= bound ? exact : bound + 1)
      }),
    )
  })
})
