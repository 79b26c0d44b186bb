import type { FoundFact } from '../cataloguer.ts'
import type { LanguageFact } from './fact.ts'
import { folderOf } from './place.ts'

/**
 * Without the manifests that state versions of what they ask for directly, where a lock in the same folder or above says all
 * that is used.
 */
export function withoutLocked(facts: readonly FoundFact<LanguageFact>[]): readonly FoundFact<LanguageFact>[] {
  const locks = facts.filter(
    ({ fact }) => fact.kind === 'lock' && fact.direct !== true && fact.isOfCommands !== true,
  )
  const locked = new Set(locks.map(({ location }) => folderOf(location.path).replace(/(?:^|\/)obj$/, '')))
  return facts.filter(({ fact, location }) => fact.direct !== true || !isBelow(location.path, locked))
}

function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    if (folders.has(folder)) return true
    if (folder === '') return false
  }
}
