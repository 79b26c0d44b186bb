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

describe('what is suggested', () => {
  it.each([
    // One mistake in three letters, two in four to seven, three from eight on.
    ['abc', ['abx', 'axy'], ['abx']],
    ['abcd', ['abxy', 'axyz'], ['abxy']],
    ['abcdefg', ['abcdexy', 'abcdxyz'], ['abcdexy']],
    ['abcdefgh', ['abcdexyz', 'abcdwxyz'], ['abcdexyz']],
    // What a name begins with, the nearest first, unless it says too little.
    ['abc', ['abcdefghij', 'abcdefgh'], ['abcdefgh', 'abcdefghij']],
    ['ab', ['abcdefgh'], []],
    ['abcdefgh', ['abcdefgh-long-name', 'abcdefxyz'], ['abcdefxyz', 'abcdefgh-long-name']],
    ['long-name', ['x-long-name-of-another'], []],
    // Of the same distance first what begins so, then by name.
    ['abcd', ['xabcd', 'abcde', 'abcdd'], ['abcdd', 'abcde', 'xabcd']],
    ['abcd', ['abcz', 'abcy', 'abcx', 'abcw'], ['abcw', 'abcx', 'abcy']],
    ['abcd', ['abdc', 'axyd', 'abcx'], ['abcx', 'abdc', 'axyd']],
  ])('for %s of %j is %j', (wanted, names, expected) => {
    expect(suggest(wanted, names)).toEqual(expected)
    expect(suggest(wanted, names.toReversed())).toEqual(expected)
  })

  it('is no more than what is asked for', () => {
    expect(suggest('abcd', ['abcw', 'abcx', 'abcy'], 1)).toEqual(['abcw'])
  })
})

/** Optimal string alignment as it is defined, from the ends of both texts. */
function distance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length
  const [x, y] = [a.slice(0, -1), b.slice(0, -1)]
  const costs = [distance(x, b) + 1, distance(a, y) + 1, distance(x, y) + (a.at(-1) === b.at(-1) ? 0 : 1)]
  if (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1))
    costs.push(distance(x.slice(0, -1), y.slice(0, -1)) + 1)
  return Math.min(...costs)
}

describe('editDistance', () => {
  it('is what the definition gives', () => {
    const word = fc.stringMatching(/^[abc]{0,5}$/)
    fc.assert(
      fc.property(word, word, fc.nat(5), (a, b, bound) => {
        expect(editDistance(a, b, bound)).toBe(Math.min(distance(a, b), bound + 1))
      }),
      { numRuns: 150 },
    )
  })

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
