import { memberOf, membersOf, textOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText, parseJson } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'

/**
 * *.deps.json, which lies beside each .NET program: `libraries` of type "package" are what was restored for it,
 * those of type "project" its own parts. A self-contained program also lists the runtime itself, as "runtimepack".
 * Packages of which nothing was copied (the framework brings the same, or they only serve to compile) are left out.
 */
export function readDepsJson(file: FileContent): LanguageFact | undefined {
  const deps = parseJson(decodeText(file.bytes), 'deps.json')
  const targets = targetsOf(deps)
  const facts = membersOf(memberOf(deps, 'libraries')).map(([key, library]) => {
    const type = memberOf(library, 'type')
    const entries = targets.get(key)
    if (type !== 'package' && type !== 'runtimepack') return undefined
    if (entries !== undefined && !entries.some(hasAssets)) return undefined
    const slash = key.lastIndexOf('/')
    const name = key.slice(0, Math.max(0, slash)).replace(/^runtimepack\./, '')
    const needs = (entries ?? []).flatMap((entry) =>
      membersOf(memberOf(entry, 'dependencies')).map(([need]) => need),
    )
    return packageFact(name, key.slice(slash + 1), { needs })
  })
  const packages = distinct(facts)
  return packages.length === 0 ? undefined : { kind: 'installed', packages }
}

/** What each library brings, for each target that lists it. */
function targetsOf(deps: unknown): ReadonlyMap<string, readonly unknown[]> {
  const targets = new Map<string, unknown[]>()
  for (const [, target] of membersOf(memberOf(deps, 'targets')))
    for (const [key, entry] of membersOf(target)) {
      const known = targets.get(key)
      if (known === undefined) targets.set(key, [entry])
      else known.push(entry)
    }
  return targets
}

/** Files other than the empty "_._" that stands for none. */
function hasAssets(entry: unknown): boolean {
  return ['runtime', 'runtimeTargets', 'native', 'resources'].some((kind) =>
    membersOf(memberOf(entry, kind)).some(([path]) => !path.endsWith('/_._')),
  )
}

/** packages.lock.json of NuGet: by target framework; entries of type "Project" are its own parts. */
export function readPackagesLock(file: FileContent): LanguageFact {
  const lock = parseJson(decodeText(file.bytes), 'packages.lock.json')
  const facts = membersOf(memberOf(lock, 'dependencies')).flatMap(([, framework]) =>
    membersOf(framework).map(([name, entry]) => {
      const type = textOf(memberOf(entry, 'type'))?.toLowerCase()
      if (type === 'project') return undefined
      return packageFact(name, memberOf(entry, 'resolved'), {
        needs: membersOf(memberOf(entry, 'dependencies')).map(([need]) => need),
      })
    }),
  )
  return { kind: 'lock', packages: distinct(facts) }
}

/** project.assets.json, which NuGet writes while it restores: `libraries`, those of type "package". */
export function readProjectAssets(file: FileContent): LanguageFact {
  const assets = parseJson(decodeText(file.bytes), 'project.assets.json')
  const facts = membersOf(memberOf(assets, 'libraries')).map(([key, library]) => {
    const slash = key.lastIndexOf('/')
    return memberOf(library, 'type') === 'package'
      ? packageFact(key.slice(0, Math.max(0, slash)), key.slice(slash + 1))
      : undefined
  })
  return { kind: 'lock', packages: distinct(facts) }
}
