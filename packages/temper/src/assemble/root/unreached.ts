import type { Exclusion } from '../../model/hardening/hardening.ts'
import type { StrippedEntry } from './populate.ts'

/** Why minimising leaves out a file. */
export const notReached: Exclusion = { reason: 'not reached', relaxable: false }

/** By name of a package, the paths that minimising left out of it, sorted; nothing of an image that is not minimised. */
export function unreachedOf(stripped: readonly StrippedEntry[]): ReadonlyMap<string, readonly string[]> {
  const gone = stripped.filter(({ reason }) => reason === notReached.reason)
  return new Map(
    [...Map.groupBy(gone, (entry) => entry.package)].map(([name, entries]) => [
      name,
      entries.map(({ path }) => path).sort(),
    ]),
  )
}
