import type { FoundFact } from '../../cataloguer.ts'
import type { LanguageFact, PackageFact } from '../fact.ts'
import { hasName } from '../language.ts'
import { folderOf } from '../place.ts'

/**
 * yarn.lock does not say what only development needs, but the package.json beside it and those of its workspaces
 * below do: what nothing else of them leads to is left out. Names with several versions count in all of them. Without
 * such a package.json all counts.
 */
export function leaveOutDevelopment(facts: readonly FoundFact<LanguageFact>[]): FoundFact<LanguageFact>[] {
  const projects = facts.filter(({ fact }) => fact.wants !== undefined)
  return facts
    .filter(({ fact }) => fact.kind !== 'wants')
    .map((found) => {
      if (!hasName(found.location.path, 'yarn.lock')) return found
      const folder = folderOf(found.location.path)
      const below = projects.filter(({ location }) => folder === '' || location.path.startsWith(`${folder}/`))
      if (!below.some(({ location }) => folderOf(location.path) === folder)) return found
      return {
        ...found,
        fact: without(
          found.fact,
          below.flatMap(({ fact }) => fact.wants ?? []),
        ),
      }
    })
}

function without(lock: LanguageFact, wanted: readonly string[]): LanguageFact {
  const byName = new Map<string, PackageFact[]>()
  for (const one of lock.packages) byName.set(one.name, [...(byName.get(one.name) ?? []), one])
  const open = [...wanted]
  const seen = new Set<string>()
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    for (const { needs = [] } of byName.get(name) ?? []) open.push(...needs)
  }
  const packages = lock.packages.filter(({ name }) => seen.has(name))
  return { ...lock, packages, development: lock.packages.length - packages.length }
}
