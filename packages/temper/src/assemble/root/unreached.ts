import type { Exclusion } from '../../model/hardening/hardening.ts'
import type { StrippedEntry } from './populate.ts'

/** The reason that is given for a file that minimising leaves out. */
export const notReached: Exclusion = { reason: 'not reached', relaxable: false }

/** By package name, the sorted paths that minimising left out of it; empty for an image that is not minimised. */
export function unreachedOf(stripped: readonly StrippedEntry[]): ReadonlyMap<string, readonly string[]> {
  const gone = stripped.filter(({ reason }) => reason === notReached.reason)
  return new Map(
    [...Map.groupBy(gone, (entry) => entry.package)].map(([name, entries]) => [
      name,
      entries.map(({ path }) => path).sort(),
    ]),
  )
}
