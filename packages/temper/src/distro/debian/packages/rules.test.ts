import { describe, expect, test } from 'vitest'
import type { Candidate } from '../../../model/package/package-rules.ts'
import { parseProvides, parseRequirements } from './relation.ts'
import { debianRules } from './rules.ts'

function candidate(over: Partial<Candidate> & { readonly offers?: string } = {}): Candidate {
  const { offers = '', ...rest } = over
  const base = { name: 'a', version: '1:2.0-1', architecture: 'amd64', multiArch: 'no' } as const
  return { ...base, provides: parseProvides(offers), ...rest }
}

const requirement = (text: string) => parseRequirements(text)[0] ?? { name: '' }

describe('what satisfies a requirement', () => {
  test.each([
    ['a', {}, true],
    ['b', {}, false],
    ['a (>= 1:2.0-1)', {}, true],
    ['a (>> 1:2.0-1)', {}, false],
    ['a (<< 3)', {}, false],
    ['a (<< 1:2.0-1+b1)', {}, true],
    ['a (= 1:2.0-1)', {}, true],
    ['a (<= 1:2.0-1~rc1)', {}, false],
    ['a:any', {}, false],
    ['a:any', { multiArch: 'same' }, false],
    ['a:any', { multiArch: 'allowed' }, true],
    ['a:any', { multiArch: 'foreign' }, true],
    ['a:native', {}, true],
    ['a:amd64', {}, true],
    ['a:arm64', {}, false],
    ['a:arm64', { architecture: 'arm64' }, true],
    ['a:amd64', { architecture: 'all' }, true],
    ['a:arm64', { architecture: 'all' }, false],
    ['a (= 9)', { offers: 'a (= 9)' }, true],
    ['v', { offers: 'v' }, true],
    ['v (>= 1)', { offers: 'v' }, false],
    ['v (>= 1)', { offers: 'v (= 1)' }, true],
    ['v (>= 2)', { offers: 'v (= 1)' }, false],
    ['v (>= 1)', { offers: 'v (>= 1)' }, false],
    ['v (<= 1)', { offers: 'v (<= 1)' }, false],
    ['v', { offers: 'v (>> 1)' }, false],
    ['v:any', { offers: 'v:any' }, true],
    ['v:any', { offers: 'v' }, false],
  ] as const)('%s by %j: %s', (text, over, expected) => {
    expect(debianRules.satisfies(candidate(over), requirement(text), 'amd64')).toBe(expected)
  })
})

describe('what a conflict forbids', () => {
  test.each([
    ['a', {}, true],
    ['a:arm64', {}, false],
    ['a:any', {}, true],
    ['a (<< 1:2.0-1)', {}, false],
    ['v', { offers: 'v' }, true],
    ['v (<< 9)', { offers: 'v' }, false],
    ['v (<< 9)', { offers: 'v (= 8)' }, true],
    ['v (<< 9)', { offers: 'v (<< 8)' }, false],
    ['v', { offers: 'v (<= 8)' }, false],
    ['a:native', {}, true],
    ['a:amd64', { architecture: 'all' }, true],
  ] as const)('%s about %j: %s', (text, over, expected) => {
    const claim = { owner: { name: 'owner' }, requirement: requirement(text) }
    expect(debianRules.forbids(claim, candidate(over), 'amd64')).toBe(expected)
    expect(debianRules.forbids({ ...claim, owner: { name: 'a' } }, candidate(over), 'amd64')).toBe(false)
  })
})

test('a package is of the image when it is of its architecture or of all', () => {
  const fits = (architecture: string) => debianRules.fitsArchitecture({ architecture }, 'arm64')
  expect([fits('arm64'), fits('all'), fits('amd64')]).toEqual([true, true, false])
})

test('what a package replaces, by name and version', () => {
  const replaced = (text: string) =>
    debianRules.replaces(parseRequirements(text), { name: 'a', version: '2' })
  expect(['', 'a', 'b', 'a (<< 2)', 'a (<< 2+b1)'].map(replaced)).toEqual([false, true, false, false, true])
})

test('backports are taken only when asked for', () => {
  expect(debianRules.isOptionalSuite('trixie-backports')).toBe(true)
  expect(debianRules.isOptionalSuite('trixie-updates')).toBe(false)
})
