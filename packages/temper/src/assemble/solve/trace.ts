import type { IndexedPackage, PackageRequest } from '../../model/package/package.ts'
import type { Conditional } from './conditional.ts'
import { type ChosenPackage, wantedByRecipe } from './solution.ts'
import type { Universe } from './universe.ts'

interface Open {
  /** Names that would satisfy it, preferred first. */
  readonly names: readonly string[]
  readonly wantedBy: string
}

/**
 * Walks from the requests through the chosen packages and records who wanted each. What nothing needs any more is
 * left out: where one of several chosen packages is enough, the one that is needed anyway counts.
 */
export function trace(
  requests: readonly PackageRequest[],
  solution: readonly IndexedPackage[],
  { universe, conditional }: { readonly universe: Universe; readonly conditional: readonly Conditional[] },
): ChosenPackage[] {
  const chosen = new Map(solution.map((entry) => [entry.name, entry]))
  const isChosen = (entry: IndexedPackage) => chosen.get(entry.name) === entry
  const reached = new Map<string, ChosenPackage>()
  const single: Open[] = []
  const several: Open[] = []
  const want = (names: readonly string[], wantedBy: string) =>
    (names.length > 1 ? several : single).push({ names, wantedBy })
  for (const request of requests) {
    if (request.excluded) continue
    const candidates = universe.requested(request).filter(isChosen)
    want(
      candidates.map((entry) => entry.name),
      wantedByRecipe,
    )
  }
  let nextSingle = 0
  let nextSeveral = 0
  for (;;) {
    const open = single[nextSingle] ?? several[nextSeveral]
    if (!open) break
    if (single[nextSingle]) nextSingle++
    else nextSeveral++
    const [name] = open.names
    const entry = name === undefined ? undefined : chosen.get(name)
    if (!entry || open.names.some((other) => reached.has(other))) continue
    const needs = [...entry.preDepends, ...entry.depends].map((dependency) =>
      universe.candidates(dependency, entry).filter(isChosen),
    )
    const names = needs.map((satisfiers) => satisfiers.map((satisfier) => satisfier.name))
    for (const each of conditional) if (each.wantedBy === entry.name) names.push([each.package.name])
    reached.set(entry.name, { package: entry, wantedBy: open.wantedBy, needs: names })
    for (const satisfiers of names) want(satisfiers, entry.name)
  }
  return withReached(reached)
}

/** Sorted by name, with needs that name only packages of the solution. */
function withReached(reached: ReadonlyMap<string, ChosenPackage>): ChosenPackage[] {
  const entries = [...reached.values()].map((entry) => ({
    ...entry,
    needs: entry.needs.map((names) => names.filter((name) => reached.has(name))),
  }))
  return entries.sort((a, b) => (a.package.name < b.package.name ? -1 : 1))
}
