import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IndexedPackage } from '../../model/package/package.ts'
import type { Candidate } from '../../model/package/package-rules.ts'
import { indexOf, sampleOptions, samplePackage } from './fixtures/sample-index.ts'
import { Universe } from './universe.ts'

const packages = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      version: fc.constantFrom('1', '2', '3'),
      suite: fc.constantFrom('', '', ' @backports'),
      provided: fc.constantFrom('', ' (= 1)', ' (= 2)', ' (= 3)'),
      priority: fc.constantFrom('', '; priority required'),
    }),
    { selector: ({ name, version }) => `${name} ${version}`, maxLength: 12 },
  )
  .map((all) =>
    all.map(({ name, version, suite, provided, priority }) =>
      samplePackage(`${name} ${version}${suite}: provides v${provided}${priority}`),
    ),
  )

/** Rules by which what is provided decides, or nothing but ranks. */
const rules = fc.constantFrom(sampleOptions.rules, {
  ...sampleOptions.rules,
  /** The highest version that is provided, and none last. */
  compareProviders: (_name: string, a: Candidate, b: Candidate) => providedVersion(b) - providedVersion(a),
})
const providedVersion = ({ provides: [provided] }: Candidate) => Number(provided?.version ?? 0)
const kept = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2', '9'))

const text = ({ name, version }: IndexedPackage) => `${name} ${version}`

describe('Providers of a name', () => {
  it('are merged: of the best versions that are left of each package the better one comes next', () => {
    fc.assert(
      fc.property(packages, rules, kept, (all, chosen, versions) => {
        const keepVersions = new Map(Object.entries(versions))
        const universe = new Universe([], indexOf(all), { ...sampleOptions, rules: chosen, keepVersions })
        const left = ['a', 'b', 'c', 'd'].map((name) => [...universe.versions(name)])
        const merged: string[] = []
        for (;;) {
          let next: IndexedPackage[] | undefined
          for (const versionsLeft of left) {
            const [head] = versionsLeft
            if (head !== undefined && (next?.[0] === undefined || isBetter(head, next[0])))
              next = versionsLeft
          }
          const taken = next?.shift()
          if (taken === undefined) break
          merged.push(text(taken))
        }
        const requirement = { name: 'v', excluded: false }
        expect(universe.requested(requirement).map(text)).toEqual(merged)
        expect(
          new Universe([], indexOf(all.toReversed()), { ...sampleOptions, rules: chosen, keepVersions })
            .requested(requirement)
            .map(text),
        ).toEqual(merged)

        /** As it is documented, one after the other; packages come in the order of their names. */
        function isBetter(a: IndexedPackage, b: IndexedPackage): boolean {
          if (keepVersions.has(a.name) !== keepVersions.has(b.name)) return keepVersions.has(a.name)
          const isOptional = (each: IndexedPackage) => each.origin.suite === 'backports'
          if (isOptional(a) !== isOptional(b)) return isOptional(b)
          const stated = chosen.compareProviders?.('v', a, b) ?? 0
          return stated === 0 ? a.providerRank < b.providerRank : stated < 0
        }
      }),
      { numRuns: 500 },
    )
  })
})
