import type { PrunedPackage } from '../../model/lock.ts'
import type { InstallOnly, InstallOnlyRule } from '../../model/package/install-only.ts'
import type { PackageRequest } from '../../model/package/package.ts'
import type { Relaxation } from '../../model/recipe.ts'
import { type ChosenPackage, type Solution, wantedByRecipe } from './solution.ts'

export interface PruneOptions {
  /** The distribution's judgement of packages that others merely depend on. */
  readonly installOnly: InstallOnlyRule
  /** Everything that the recipe requests and excludes. */
  readonly requested: readonly PackageRequest[]
  /** What the recipe relaxes. */
  readonly allow: readonly Pick<Relaxation, 'rule'>[]
  /** Names that stay regardless of the judgement, each because files of another package need it. */
  readonly needed?: ReadonlyMap<string, string>
}

export interface Pruning {
  /** Sorted by name; `wantedBy` names a package that is kept. */
  readonly kept: readonly ChosenPackage[]
  /** Sorted by name, each with its reason. */
  readonly pruned: readonly PrunedPackage[]
}

/**
 * Leaves out packages that are needed only during installation, that hardening forbids, or that the recipe excludes;
 * then everything that only they need. What the recipe names or a relaxation allows stays; a package that is kept
 * although it is, say, a compiler also keeps the compilers that it needs.
 */
export function prunePackages(solution: Solution, options: PruneOptions): Pruning {
  const chosen = new Map(solution.packages.map((entry) => [entry.package.name, entry]))
  const judge = judgement(options)
  const kept = new Map<string, ChosenPackage>()
  const reasons = new Map<string, string>()
  const queue: { readonly entry: ChosenPackage; readonly wantedBy: string }[] = []
  for (const name of requestedNames(solution, options)) {
    const entry = chosen.get(name)
    if (!entry) continue
    if (judge(name, wantedByRecipe) === undefined) queue.push({ entry, wantedBy: wantedByRecipe })
  }
  for (const [name, wantedBy] of options.needed ?? []) {
    const entry = chosen.get(name)
    if (entry) queue.push({ entry, wantedBy })
  }
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { name } = next.entry.package
    if (kept.has(name)) continue
    kept.set(name, { ...next.entry, wantedBy: next.wantedBy })
    for (const names of next.entry.needs) {
      if (names.includes(name)) continue
      const verdicts = names.map((candidate) => judge(candidate, name))
      const serves = names.find((_, at) => verdicts[at] === undefined)
      const entry = serves === undefined ? undefined : chosen.get(serves)
      if (entry) queue.push({ entry, wantedBy: name })
      // Also where another serves: nobody else may need what was dropped.
      for (const [at, dropped] of names.entries()) setOnce(reasons, dropped, verdicts[at])
    }
  }
  return {
    kept: solution.packages.flatMap((entry) => kept.get(entry.package.name) ?? []),
    pruned: left(solution, kept, (name) => reasons.get(name) ?? judge(name, '')),
  }
}

/** Why a package is left out when `neededBy` needs it; undefined when it stays. */
function judgement(options: PruneOptions): (name: string, neededBy: string) => string | undefined {
  const asked = new Set<string>()
  const excluded = new Set<string>()
  for (const request of options.requested) {
    if (!request.excluded) asked.add(request.name)
    else if (request.version === undefined && request.suite === undefined) excluded.add(request.name)
  }
  const relaxed = new Set<string>(options.allow.map((relaxation) => relaxation.rule))
  const sameKind = (verdict: InstallOnly, neededBy: string) =>
    verdict.relaxedBy !== undefined &&
    options.installOnly(neededBy, wantedByRecipe)?.relaxedBy === verdict.relaxedBy
  return (name, neededBy) => {
    if (excluded.has(name)) return 'the recipe excludes it'
    if (neededBy === wantedByRecipe || asked.has(name)) return undefined
    const verdict = options.installOnly(name, neededBy)
    if (verdict === undefined || relaxed.has(verdict.relaxedBy ?? '')) return undefined
    return sameKind(verdict, neededBy) ? undefined : verdict.reason
  }
}

/** In the order of the recipe, then what stands for a virtual name that it asks for. */
function requestedNames(solution: Solution, options: PruneOptions): readonly string[] {
  const named = options.requested.filter((request) => !request.excluded).map((request) => request.name)
  const wanted = solution.packages.filter((entry) => entry.wantedBy === wantedByRecipe)
  return [...new Set([...named, ...wanted.map((entry) => entry.package.name)])]
}

/** What is not kept, with its own reason or with those who needed it, all of them left out too. */
function left(
  solution: Solution,
  kept: ReadonlyMap<string, ChosenPackage>,
  reasonOf: (name: string) => string | undefined,
): PrunedPackage[] {
  const gone = solution.packages.filter((entry) => !kept.has(entry.package.name))
  const neededBy = new Map<string, string[]>()
  for (const entry of gone) {
    for (const name of new Set(entry.needs.flat())) {
      if (name !== entry.package.name) neededBy.set(name, [...(neededBy.get(name) ?? []), entry.package.name])
    }
  }
  return gone.map(({ package: { name, version, source } }) => ({
    name,
    version,
    source,
    reason: reasonOf(name) ?? `only needed by ${joined(neededBy.get(name) ?? [])}, also left out`,
  }))
}

/** "a", "a and b", "a, b and 3 more". */
function joined(names: readonly string[]): string {
  if (names.length <= 2) return names.join(' and ')
  if (names.length === 3) return `${names[0]}, ${names[1]} and ${names[2]}`
  return `${names[0]}, ${names[1]} and ${names.length - 2} more`
}

function setOnce(map: Map<string, string>, key: string, value: string | undefined): void {
  if (value !== undefined && !map.has(key)) map.set(key, value)
}
