import type { FileContent } from '../../cataloguer.ts'
import { decodeText, memberOf, membersOf, parseJson, textOf } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'

/**
 * *.deps.json, which lies beside each .NET program: `libraries` of type "package" are what was restored for it,
 * those of type "project" its own parts. A self-contained program also lists the runtime itself, as "runtimepack".
 */
export function readDepsJson(file: FileContent): LanguageFact | undefined {
  const deps = parseJson(decodeText(file.bytes), 'deps.json')
  const needs = needsByLibrary(deps)
  const found = membersOf(memberOf(deps, 'libraries')).map(([key, library]) => {
    const type = memberOf(library, 'type')
    if (type !== 'package' && type !== 'runtimepack') return undefined
    const slash = key.lastIndexOf('/')
    const name = key.slice(0, Math.max(0, slash)).replace(/^runtimepack\./, '')
    return packageFact(name, key.slice(slash + 1), { needs: needs.get(key) ?? [] })
  })
  const packages = distinct(found)
  return packages.length === 0 ? undefined : { kind: 'installed', packages }
}

function needsByLibrary(deps: unknown): ReadonlyMap<string, readonly string[]> {
  const needs = new Map<string, readonly string[]>()
  for (const [, target] of membersOf(memberOf(deps, 'targets')))
    for (const [key, entry] of membersOf(target))
      needs.set(
        key,
        membersOf(memberOf(entry, 'dependencies')).map(([name]) => name),
      )
  return needs
}

/** packages.lock.json of NuGet: by target framework; entries of type "Project" are its own parts. */
export function readPackagesLock(file: FileContent): LanguageFact {
  const lock = parseJson(decodeText(file.bytes), 'packages.lock.json')
  const found = membersOf(memberOf(lock, 'dependencies')).flatMap(([, framework]) =>
    membersOf(framework).map(([name, entry]) => {
      const type = textOf(memberOf(entry, 'type'))?.toLowerCase()
      if (type === 'project') return undefined
      return packageFact(name, memberOf(entry, 'resolved'), {
        needs: membersOf(memberOf(entry, 'dependencies')).map(([need]) => need),
      })
    }),
  )
  return { kind: 'lock', packages: distinct(found) }
}
