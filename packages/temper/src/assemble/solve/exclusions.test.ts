import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IndexedPackage } from '../../model/package/package.ts'
import { Exclusions, type PackageExclusion } from './exclusions.ts'
import { sampleOptions, samplePackage, sampleRules } from './fixtures/sample-index.ts'

const text = ({ kind, package: owner, other }: PackageExclusion) =>
  `${owner.name} ${kind} ${other.name} ${other.version}`

describe('packages that exclude each other', () => {
  const nginx = samplePackage('nginx 1: conflicts apache; breaks libz (<< 2)')

  it('are met whichever turns up first', () => {
    const apache = samplePackage('apache 2')
    const first = new Exclusions(sampleOptions)
    expect(first.addOwner(nginx)).toEqual([])
    expect(first.addCandidate(apache).map(text)).toEqual(['nginx conflicts apache 2'])
    const second = new Exclusions(sampleOptions)
    expect(second.addCandidate(apache)).toEqual([])
    expect(second.addOwner(nginx).map(text)).toEqual(['nginx conflicts apache 2'])
  })

  it('are met by what they provide', () => {
    const exclusions = new Exclusions(sampleOptions)
    exclusions.addOwner(samplePackage('exim 4: conflicts mta'))
    expect(exclusions.addCandidate(samplePackage('postfix 3: provides mta')).map(text)).toEqual([
      'exim conflicts postfix 3',
    ])
  })

  it.each([
    ['libz 1', true],
    ['libz 2', false],
    ['libz 3', false],
    ['liby 1: provides libz', false],
    ['liby 1: provides libz (= 1)', true],
    ['nginx 2: provides apache', false],
  ])('%s: %s', (line, excluded) => {
    const exclusions = new Exclusions(sampleOptions)
    exclusions.addOwner(nginx)
    expect(exclusions.addCandidate(samplePackage(line)).length > 0).toBe(excluded)
  })

  it('are the same as by comparing each with each, in whatever order', () => {
    const name = fc.constantFrom('a', 'b', 'c')
    const relation = fc.constantFrom('', ' (<< 2)', ' (= 1)', ' (>= 2)')
    const line = fc
      .tuple(name, fc.constantFrom('1', '2'), fc.constantFrom('conflicts', 'breaks'), name, relation, name)
      .map(([own, version, kind, other, range, provided]) =>
        samplePackage(`${own} ${version}: ${kind} ${other}${range}; provides ${provided}`),
      )
    const step = fc.tuple(line, fc.boolean())
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const exclusions = new Exclusions(sampleOptions)
        const owners: IndexedPackage[] = []
        const candidates: IndexedPackage[] = []
        const met = steps.flatMap(([candidate, isOwner]) => {
          ;(isOwner ? owners : candidates).push(candidate)
          return isOwner ? exclusions.addOwner(candidate) : exclusions.addCandidate(candidate)
        })
        const expected = owners.flatMap((owner) =>
          (['conflicts', 'breaks'] as const).flatMap((kind) =>
            owner[kind].flatMap((requirement) =>
              candidates
                .filter((other) => sampleRules.forbids({ owner, requirement }, other, 'amd64'))
                .map((other) => ({ kind, package: owner, requirement, other })),
            ),
          ),
        )
        // A candidate that provides its own name under another version may be met by both names.
        expect(new Set(met.map(text))).toEqual(new Set(expected.map(text)))
      }),
    )
  })
})
