import type { PackageIndex, PackageRequest } from '../../model/package/package.ts'
import { addConditional } from './conditional.ts'
import { unsatisfiable } from './explain.ts'
import type { SolveOptions } from './options.ts'
import { checkRequests } from './requests.ts'
import { Search } from './search.ts'
import type { Solution } from './solution.ts'
import { trace } from './trace.ts'
import { Universe } from './universe.ts'

/**
 * Chooses packages for the requests of a recipe, by Pre-Depends and Depends (not Recommends) with alternatives in
 * order, versions, Provides, Conflicts, Breaks, Multi-Arch qualifiers, pins and exclusions; then adds packages that
 * are installed along with them (install_if). Essential packages are not implied. The highest version over all suites
 * is preferred. Complete: when any solution exists within the step limit, one is found. Deterministic, whatever the
 * order in the index.
 *
 * TemperError `package-not-found` when a request names nothing that exists, `unsatisfiable` with an explanation in
 * words, `limit-exceeded` when the search is given up.
 */
export function solve(
  requests: readonly PackageRequest[],
  index: PackageIndex,
  options: SolveOptions,
): Solution {
  const universe = new Universe(requests, index, options)
  checkRequests(requests, universe)
  const result = new Search(universe).run(requests)
  if ('contradiction' in result) throw unsatisfiable(result.contradiction, universe)
  const { chosen, conditional } = addConditional(requests, result.chosen, universe)
  return { packages: trace(requests, chosen, { universe, conditional }) }
}
