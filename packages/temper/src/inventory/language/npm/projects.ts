import type { FoundFact } from '../../cataloguer.ts'
import type { LanguageFact, PackageFact } from '../fact.ts'
import { hasName } from '../language.ts'
import { folderOf } from '../place.ts'

type PlacedFact = FoundFact<LanguageFact>

/**
 * Lets the package.json files of projects speak for the locks beside them.
 * - A project beside a lock is what is being built, not a package that was installed: it is left out.
 * - yarn.lock does not say what only development needs; the package.json beside it and those of its members below do: what
 *   nothing else of them leads to is left out. All counts where there is no such package.json, or where it has
 *   members that are not to be seen.
 */
export function settleProjects(facts: readonly PlacedFact[]): PlacedFact[] {
  const projects = facts.filter(({ fact }) => fact.wants !== undefined)
  const locked = new Set(facts.filter(({ fact }) => fact.kind === 'lock').map(folder))
  return facts
    .filter((placed) => placed.fact.kind !== 'wants' && !(isProject(placed) && locked.has(folder(placed))))
    .map((placed) =>
      hasName(placed.location.path, 'yarn.lock') ? withoutDevelopment(placed, projects) : placed,
    )
}

function isProject({ location, fact }: PlacedFact): boolean {
  return fact.kind === 'installed' && !/(^|\/)(node_modules|nodejs)\//.test(location.path)
}

function folder({ location }: PlacedFact): string {
  return folderOf(location.path)
}

function withoutDevelopment(lock: PlacedFact, projects: readonly PlacedFact[]): PlacedFact {
  const home = folder(lock)
  const below = projects.filter(({ location }) => home === '' || location.path.startsWith(`${home}/`))
  const own = below.find((project) => folder(project) === home)
  if (own === undefined || (own.fact.hasMembers === true && below.length === 1)) return lock
  const wanted = below.flatMap(({ fact }) => fact.wants ?? [])
  const packages = reachable(lock.fact.packages, wanted)
  return {
    ...lock,
    fact: { ...lock.fact, packages, development: lock.fact.packages.length - packages.length },
  }
}

/** Reachable packages by name; packages with several versions count in all of them. */
export function reachable(packages: readonly PackageFact[], wanted: readonly string[]): PackageFact[] {
  const byName = new Map<string, PackageFact[]>()
  for (const one of packages) {
    const others = byName.get(one.name)
    if (others === undefined) byName.set(one.name, [one])
    else others.push(one)
  }
  const open = [...wanted]
  const seen = new Set<string>()
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    for (const { needs = [] } of byName.get(name) ?? []) open.push(...needs)
  }
  return packages.filter(({ name }) => seen.has(name))
}
