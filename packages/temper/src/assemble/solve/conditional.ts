import type { Dependency, IndexedPackage, PackageRequest } from '../../model/package/package.ts'
import { Search } from './search.ts'
import type { Universe } from './universe.ts'

/** A package that is installed because others are, although none needs it. */
export interface Conditional {
  readonly package: IndexedPackage
  /** The first of the packages that trigger it. */
  readonly wantedBy: string
}

/**
 * Adds packages that want to be installed as soon as others are (`installIf`), one after the other in the order of
 * their names, until there is nothing to add. One that is not compatible with the rest stays out.
 */
export function addConditional(
  requests: readonly PackageRequest[],
  start: readonly IndexedPackage[],
  universe: Universe,
): { readonly chosen: readonly IndexedPackage[]; readonly conditional: readonly Conditional[] } {
  const waiting = new Set(universe.conditional())
  const conditional: Conditional[] = []
  let chosen = start
  for (let at = nextOf(waiting, chosen, universe); at !== undefined; at = nextOf(waiting, chosen, universe)) {
    waiting.delete(at.package)
    const also = [...conditional.map((each) => each.package), at.package]
    const result = new Search(universe).run(requests, also)
    if ('contradiction' in result) continue
    chosen = result.chosen
    conditional.push(at)
  }
  return { chosen, conditional }
}

/** The first that is not there and whose conditions hold. */
function nextOf(
  waiting: ReadonlySet<IndexedPackage>,
  chosen: readonly IndexedPackage[],
  universe: Universe,
): Conditional | undefined {
  const byName = new Map<string, IndexedPackage[]>()
  for (const each of chosen) {
    for (const name of new Set([each.name, ...each.provides.map((provided) => provided.name)]))
      byName.set(name, [...(byName.get(name) ?? []), each])
  }
  const { rules, architecture } = universe.options
  const satisfier = (dependency: Dependency) => {
    for (const requirement of dependency) {
      const candidates = byName.get(requirement.name) ?? []
      const fitting = candidates.find((each) => rules.satisfies(each, requirement, architecture))
      if (fitting !== undefined) return fitting
    }
    return undefined
  }
  for (const candidate of waiting) {
    if (byName.get(candidate.name)?.some(({ name }) => name === candidate.name)) continue
    const satisfiers = (candidate.installIf ?? []).map(satisfier)
    const [first] = satisfiers
    if (first !== undefined && !satisfiers.includes(undefined))
      return { package: candidate, wantedBy: first.name }
  }
  return undefined
}
