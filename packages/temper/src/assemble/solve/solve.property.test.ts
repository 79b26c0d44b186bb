import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import type { IndexedPackage, PackageRequest, Requirement } from '../../model/package/package.ts'
import { indexOf, sampleOptions, samplePackage } from './fixtures/sample-index.ts'
import type { Solution } from './solution.ts'
import { solve } from './solve.ts'

const names = ['a', 'b', 'c', 'd', 'e']
const name = fc.constantFrom(...names, 'v', 'w')
const range = fc.tuple(fc.constantFrom('<<', '<=', '=', '>=', '>>'), fc.constantFrom('1', '2', '3'))
const requirement = fc
  .tuple(name, fc.option(range, { freq: 2, nil: undefined }))
  .map(([wanted, limits]) => (limits ? `${wanted} (${limits[0]} ${limits[1]})` : wanted))
const provision = fc
  .tuple(fc.constantFrom('v', 'w', 'a'), fc.option(fc.constantFrom('1', '2'), { nil: undefined }))
  .map(([provided, version]) => (version ? `${provided} (= ${version})` : provided))
const dependency = fc.array(requirement, { minLength: 1, maxLength: 3 }).map((all) => all.join(' | '))

const universe = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      version: fc.constantFrom('1', '2', '3'),
      depends: fc.array(dependency, { maxLength: 3 }),
      conflicts: fc.array(requirement, { maxLength: 1 }),
      breaks: fc.array(requirement, { maxLength: 1 }),
      provides: fc.array(provision, { maxLength: 1 }),
    }),
    { selector: (entry) => `${entry.name} ${entry.version}`, minLength: 1, maxLength: 9 },
  )
  .map((entries) =>
    entries.map((entry) => {
      const fields = (['depends', 'conflicts', 'breaks', 'provides'] as const)
        .filter((field) => entry[field].length > 0)
        .map((field) => `${field} ${entry[field].join(', ')}`)
      return samplePackage(`${entry.name} ${entry.version}: ${fields.join('; ')}`)
    }),
  )

const requests = fc
  .uniqueArray(fc.record({ name: fc.constantFrom(...names), kind: fc.nat(5) }), {
    selector: (entry) => entry.name,
    minLength: 1,
    maxLength: 3,
  })
  .map((all) =>
    all.map(({ name: wanted, kind }): PackageRequest => {
      if (kind === 0) return { name: wanted, excluded: true }
      return kind === 1 ? { name: wanted, version: '1', excluded: false } : { name: wanted, excluded: false }
    }),
  )

/** Written apart from the solver: whether `set` is a set of packages that may be installed for `wanted`. */
function problemsOf(set: readonly IndexedPackage[], wanted: readonly PackageRequest[]): string[] {
  const problems: string[] = []
  const meets = (entry: IndexedPackage, need: Requirement) =>
    (entry.name === need.name && inRange(Number(entry.version), need)) ||
    entry.provides.some((given) => {
      if (given.name !== need.name) return false
      return (
        need.version === undefined || (given.version !== undefined && inRange(Number(given.version), need))
      )
    })
  for (const request of wanted) {
    const chosen = set.filter((entry) => entry.name === request.name)
    if (request.excluded && chosen.length > 0) problems.push(`!${request.name}`)
    if (!request.excluded && chosen.length === 0) problems.push(request.name)
    if (request.version !== undefined && chosen.some((entry) => entry.version !== request.version))
      problems.push(`pin ${request.name}`)
  }
  for (const entry of set) {
    if (set.some((other) => other !== entry && other.name === entry.name)) problems.push(`two ${entry.name}`)
    for (const alternatives of [...entry.preDepends, ...entry.depends]) {
      if (!alternatives.some((need) => set.some((other) => meets(other, need))))
        problems.push(`${entry.name} lacks ${JSON.stringify(alternatives)}`)
    }
    for (const need of [...entry.conflicts, ...entry.breaks]) {
      if (set.some((other) => other.name !== entry.name && meets(other, need)))
        problems.push(`${entry.name} excludes ${need.name}`)
    }
  }
  return problems
}

function inRange(version: number, { relation, version: limit }: Requirement): boolean {
  const other = Number(limit)
  if (relation === undefined) return true
  return {
    '<<': version < other,
    '<=': version <= other,
    '=': version === other,
    '>=': version >= other,
    '>>': version > other,
    '~': false,
  }[relation]
}

/** Every choice of at most one version of each name. */
function* choices(packages: readonly IndexedPackage[], at = 0): Generator<readonly IndexedPackage[]> {
  const current = names[at]
  if (current === undefined) {
    yield []
    return
  }
  for (const rest of choices(packages, at + 1)) {
    yield rest
    for (const entry of packages) if (entry.name === current) yield [entry, ...rest]
  }
}

function attempt(
  packages: readonly IndexedPackage[],
  wanted: readonly PackageRequest[],
): Solution | TemperError {
  try {
    return solve(wanted, indexOf(packages), sampleOptions)
  } catch (error) {
    if (error instanceof TemperError) return error
    throw error
  }
}

const asksForNothingUnknown = (packages: readonly IndexedPackage[], wanted: readonly PackageRequest[]) =>
  wanted.every((request) =>
    packages.some(
      (entry) => entry.name === request.name && entry.version === (request.version ?? entry.version),
    ),
  )

describe('solve, on random universes', () => {
  it('finds a solution exactly when there is one, and it satisfies everything', () => {
    let solved = 0
    let refused = 0
    fc.assert(
      fc.property(universe, requests, (packages, wanted) => {
        fc.pre(asksForNothingUnknown(packages, wanted))
        const result = attempt(packages, wanted)
        if (result instanceof TemperError) {
          refused++
          expect(result.code).toBe('unsatisfiable')
          for (const set of choices(packages)) expect(problemsOf(set, wanted)).not.toEqual([])
        } else {
          solved++
          expect(
            problemsOf(
              result.packages.map((entry) => entry.package),
              wanted,
            ),
          ).toEqual([])
        }
      }),
      { numRuns: 400, seed: 11 },
    )
    expect(solved).toBeGreaterThan(50)
    expect(refused).toBeGreaterThan(50)
  })

  it('gives the same solution whatever the order of the index', () => {
    const shuffled = universe.chain((packages) =>
      fc.tuple(fc.constant(packages), fc.shuffledSubarray(packages, { minLength: packages.length })),
    )
    const outcome = (result: Solution | TemperError) =>
      result instanceof TemperError
        ? result.message
        : result.packages.map((entry) => `${entry.package.name} ${entry.package.version} ${entry.wantedBy}`)
    fc.assert(
      fc.property(shuffled, requests, ([packages, other], wanted) => {
        expect(outcome(attempt(other, wanted))).toEqual(outcome(attempt(packages, wanted)))
      }),
    )
  })

  it('holds nothing that nobody wants, and names who wants it', () => {
    fc.assert(
      fc.property(universe, requests, (packages, wanted) => {
        fc.pre(asksForNothingUnknown(packages, wanted))
        const result = attempt(packages, wanted)
        if (result instanceof TemperError) return
        const byName = new Map(result.packages.map((entry) => [entry.package.name, entry]))
        for (const entry of result.packages) {
          const { name } = entry.package
          const by = byName.get(entry.wantedBy)
          if (entry.wantedBy === 'recipe') expect(wanted.some((request) => request.name === name)).toBe(true)
          else expect(by?.needs.flat()).toContain(name)
        }
      }),
    )
  })
})
