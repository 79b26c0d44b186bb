import { describe, expect, it } from 'vitest'
import type { Requirement } from '../../model/package.ts'
import { forbids, satisfies, versionFits } from './match.ts'
import { sampleOptions, samplePackage } from './sample-index.ts'

/** The one requirement of a text such as "a:any (>= 2)". */
function requirement(text: string): Requirement {
  const [[only] = []] = samplePackage(`x 1: depends ${text}`).depends
  if (only === undefined) throw new Error(`no requirement in ${text}`)
  return only
}

describe('the range of a version', () => {
  it.each([
    ['<<', [true, false, false]],
    ['<=', [true, true, false]],
    ['=', [false, true, false]],
    ['>=', [false, true, true]],
    ['>>', [false, false, true]],
  ])('%s 2 holds of 1, 2 and 3: %j', (relation, expected) => {
    const stated = requirement(`a (${relation} 2)`)
    expect(['1', '2', '3'].map((version) => versionFits(version, stated, sampleOptions))).toEqual(expected)
  })

  it('is everything when none is stated', () => {
    expect(versionFits('1', { name: 'a' }, sampleOptions)).toBe(true)
    expect(versionFits('1', { name: 'a', relation: '>>' }, sampleOptions)).toBe(true)
  })
})

describe('a need', () => {
  it.each<[string, string, boolean]>([
    ['a', 'a 1', true],
    ['a', 'b 1', false],
    ['a (>= 2)', 'a 1', false],
    ['a (>= 2)', 'a 2', true],
    // By what is provided: a range only by a version that is stated.
    ['a', 'b 1: provides a', true],
    ['a (>= 2)', 'b 3: provides a', false],
    ['a (>= 2)', 'b 1: provides a (= 2)', true],
    ['a (>= 2)', 'b 1: provides a (= 1)', false],
    // A package may provide its own name in another version.
    ['a (>= 2)', 'a 1: provides a (= 2)', true],
    // Multiarch.
    ['a:any', 'a 1', false],
    ['a:any', 'a 1 same', false],
    ['a:any', 'a 1 allowed', true],
    ['a:any', 'a 1 foreign', true],
    ['a:native', 'a 1', true],
    ['a:amd64', 'a 1', true],
    ['a:arm64', 'a 1', false],
    ['a:arm64', 'a 1 arm64', true],
    ['a:amd64', 'a 1 all', true],
    ['a:arm64', 'a 1 all', false],
    ['a:any', 'b 1: provides a:any', true],
    ['a:any', 'b 1: provides a', false],
    ['a:any', 'b 1 allowed: provides a', true],
  ])('of %s by %s: %s', (need, candidate, expected) => {
    expect(satisfies(samplePackage(candidate), requirement(need), sampleOptions)).toBe(expected)
  })
})

describe('a conflict', () => {
  it.each<[string, string, boolean]>([
    ['a', 'a 1', true],
    ['a (<< 2)', 'a 2', false],
    ['a', 'b 1: provides a', true],
    ['a (<< 2)', 'b 1: provides a', false],
    ['a (<< 2)', 'b 3: provides a (= 1)', true],
    // Never with itself.
    ['owner', 'owner 1', false],
    ['mta', 'owner 1: provides mta', false],
    ['a:any', 'a 1', true],
    ['a:native', 'a 1', true],
    ['a:amd64', 'a 1', true],
    ['a:arm64', 'a 1', false],
    ['a:amd64', 'a 1 all', true],
  ])('with %s forbids %s: %s', (stated, other, expected) => {
    expect(forbids({ name: 'owner' }, requirement(stated), samplePackage(other), sampleOptions)).toBe(
      expected,
    )
  })
})
