import type { FoundFact } from '../cataloguer.ts'
import type { LanguageFact } from './fact.ts'
import { folderOf, within } from './place.ts'

/** A lock that was skipped. */
export interface Overruled {
  readonly lock: FoundFact<LanguageFact>
  readonly why: string
}

export interface ClaimRules {
  readonly installsInto: readonly string[]
  readonly normalName: (name: string) => string
}

/**
 * Decides which locks count. What is installed takes precedence, so that nothing is listed twice and what a lock names but nobody installed is not listed at all. A lock is skipped when
 * - the folder that its tool installs into lies beside it and holds installed packages, or
 * - more than half of the packages that it names are installed somewhere in the tree, in whatever version.
 */
export function settleClaims(
  facts: readonly FoundFact<LanguageFact>[],
  rules: ClaimRules,
): { counted: FoundFact<LanguageFact>[]; overruled: Overruled[] } {
  const installed = facts.filter(({ fact }) => fact.kind === 'installed' && fact.packages.length > 0)
  const names = new Set(
    installed.flatMap(({ fact }) => fact.packages.map(({ name }) => rules.normalName(name))),
  )
  const folders = installFolders(installed, rules.installsInto)
  // What could not be read is told even where nothing else was found.
  const noted = facts.filter(
    ({ fact }) => fact.kind === 'installed' && fact.packages.length === 0 && fact.notes,
  )
  const counted = [...installed, ...noted]
  const overruled: Overruled[] = []
  for (const lock of facts) {
    if (lock.fact.kind !== 'lock') continue
    const own = lock.fact.isOfCommands === true ? [] : rules.installsInto
    const beside = own.find((name) => folders.has(within(folderOf(lock.location.path), name)))
    if (beside !== undefined) overruled.push({ lock, why: `${beside} beside it says what is installed` })
    else if (mostlyInstalled(lock.fact, names, rules.normalName))
      overruled.push({ lock, why: 'most of what it names is installed elsewhere, and that counts' })
    else counted.push(lock)
  }
  return { counted, overruled }
}

function mostlyInstalled(
  lock: LanguageFact,
  installed: ReadonlySet<string>,
  normalName: (name: string) => string,
): boolean {
  const pinned = lock.packages.map(({ name }) => name)
  const names = pinned.length > 0 ? pinned : (lock.unpinned ?? [])
  const wanted = new Set(names.map(normalName))
  let present = 0
  for (const name of wanted) if (installed.has(name)) present++
  return present * 2 > wanted.size
}

/** Every folder of one of these names that has something installed below it. */
function installFolders(
  installed: readonly FoundFact<LanguageFact>[],
  names: readonly string[],
): ReadonlySet<string> {
  const folders = new Set<string>()
  for (const { location } of installed) {
    const parts = location.path.split('/')
    for (const [index, part] of parts.entries())
      if (names.includes(part) && index < parts.length - 1) folders.add(parts.slice(0, index + 1).join('/'))
  }
  return folders
}
