import type { FoundFact } from '../../cataloguer.ts'
import type { LanguageFact, PackageFact } from '../fact.ts'
import { hasName } from '../language.ts'
import { folderOf } from '../place.ts'
import { isForTrials } from './package-json.ts'

type PlacedFact = FoundFact<LanguageFact>

/**
 * Lets the package.json files of projects speak for the locks beside them.
 * - A project beside a lock is what is being built, not a package that was installed: it is left out. So are the members of such
 *   a project, and what it tries itself with, in folders below. Where a lock is of one project alone, others below it were put there.
 * - yarn.lock does not say what only development needs; the package.json beside it and those of its members below do: what
 *   nothing else of them leads to is left out. All counts where there is no such package.json, or where it has
 *   members that are not to be seen.
 */
export function settleProjects(facts: readonly PlacedFact[]): PlacedFact[] {
  const projects = facts.filter(({ fact }) => fact.wants !== undefined)
  const locked = lockedFolders(facts)
  return facts
    .filter((placed) => placed.fact.kind !== 'wants' && !(isProject(placed) && isOwn(folder(placed), locked)))
    .map((placed) =>
      hasName(placed.location.path, 'yarn.lock') ? withoutDevelopment(placed, projects) : placed,
    )
}

function isProject({ location, fact }: PlacedFact): boolean {
  return fact.kind === 'installed' && !/(^|\/)(node_modules|nodejs)\//.test(location.path)
}

/** Folders with a lock, and whether it is of several projects. */
function lockedFolders(facts: readonly PlacedFact[]): ReadonlyMap<string, boolean> {
  const withMembers = new Set(facts.filter(({ fact }) => fact.hasMembers === true).map(folder))
  const locks = facts.filter(({ fact }) => fact.kind === 'lock' && fact.isOfCommands !== true).map(folder)
  return new Map(locks.map((each) => [each, withMembers.has(each)]))
}

/** Whether a folder is one that a lock is in or speaks for, or holds what is only for trying it. */
function isOwn(home: string, locked: ReadonlyMap<string, boolean>): boolean {
  if (locked.has(home)) return true
  const parts = home.split('/')
  return parts.some((_, length) => {
    const hasMembers = locked.get(parts.slice(0, length).join('/'))
    return hasMembers === true || (hasMembers === false && isForTrials(parts.slice(length).join('/')))
  })
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
