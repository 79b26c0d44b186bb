import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions } from './compare.ts'
import { VersionRangeSpecifier } from './vers.ts'

function contains(range: string, version: string): boolean | undefined {
  return VersionRangeSpecifier.parse(range)?.contains(version)
}

describe('a range of versions', () => {
  it.each([
    ['vers:npm/*', '9.9.9', true],
    ['vers:npm/1.2.3', '1.2.3', true],
    ['vers:npm/1.2.3', '1.2.4', false],
    ['vers:npm/1.2.3|2.0.0', '2.0.0', true],
    ['vers:npm/<2.0.0', '1.9.9', true],
    ['vers:npm/<2.0.0', '2.0.0', false],
    ['vers:npm/<=2.0.0', '2.0.0', true],
    ['vers:npm/>=1.0.0|<2.0.0', '0.9.0', false],
    ['vers:npm/>=1.0.0|<2.0.0', '1.0.0', true],
    ['vers:npm/>=1.0.0|<2.0.0', '2.0.0', false],
    ['vers:npm/>1.0.0|<2.0.0', '1.0.0', false],
    ['vers:npm/>1.0.0|<2.0.0|>=3.0.0', '2.5.0', false],
    ['vers:npm/>1.0.0|<2.0.0|>=3.0.0', '3.1.0', true],
    ['vers:npm/<1.0.0|>=2.0.0|<3.0.0', '0.1.0', true],
    ['vers:npm/<1.0.0|>=2.0.0|<3.0.0', '1.5.0', false],
    ['vers:npm/>=1.0.0|!=1.5.0|<2.0.0', '1.5.0', false],
    ['vers:npm/>=1.0.0|!=1.5.0|<2.0.0', '1.6.0', true],
    ['vers:npm/0.5.0|>=1.0.0|<2.0.0', '0.5.0', true],
    ['vers:npm/!=1.5.0', '1.6.0', true],
    // In any order, with spaces, encoded.
    ['vers:npm/<2.0.0|>=1.0.0', '1.5.0', true],
    ['vers:npm/ >=1.0.0 | <2.0.0', '1.5.0', true],
    ['vers:deb/<1%3A2.0-1', '1:1.9-1', true],
    ['vers:deb/<1%3A2.0-1', '2.1-1', true],
    ['vers:pypi/>=1.0|<2.0', '2.0rc1', true],
    ['vers:maven/>=1.0|<2.0', '2.0-SNAPSHOT', true],
    ['vers:golang/<v1.2.3', 'v1.2.2', true],
    // What is no version is in no range.
    ['vers:npm/<2.0.0', 'latest', false],
    // What is no range, or of an order that nobody knows.
    ['vers:unknown/<2.0.0', '1.0.0', undefined],
    ['vers:npm/', '1.0.0', undefined],
    ['vers:npm/<latest', '1.0.0', undefined],
    ['vers:npm/<2.0.0|', '1.0.0', undefined],
    ['vers:deb/%', '1.0.0', undefined],
    ['<2.0.0', '1.0.0', undefined],
  ])('%s has %s: %s', (range, version, expected) => {
    expect(contains(range, version)).toBe(expected)
  })

  it('has what lies between its ends, whatever they are', () => {
    const version = fc.tuple(fc.nat(5), fc.nat(5)).map((parts) => `${parts.join('.')}.0`)
    fc.assert(
      fc.property(version, version, version, (a, b, tried) => {
        const [low, high] = compareVersions('semver', a, b) <= 0 ? [a, b] : [b, a]
        if (low === high) return
        const inside =
          compareVersions('semver', low, tried) <= 0 && compareVersions('semver', tried, high) < 0
        expect(contains(`vers:npm/>=${low}|<${high}`, tried)).toBe(inside)
        expect(contains(`vers:npm/<${low}|>=${high}`, tried)).toBe(!inside)
      }),
    )
  })
})
