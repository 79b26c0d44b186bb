import type { Location } from '../../model/inventory.ts'
import type { FoundFact } from '../cataloguer.ts'

/**
 * The layer that a package came with, for databases that every layer rewrites: the lowest one from which on all
 * versions of the database list it. `identities` gives name and version of all packages in a database.
 */
export function sinceLayer<Fact>(
  placed: FoundFact<Fact>,
  identities: (fact: Fact) => readonly string[],
): (identity: string) => Location {
  const since = new Map<string, Location>()
  let previous: ReadonlySet<string> = new Set()
  for (const { fact, location } of [...(placed.earlier ?? []), placed]) {
    const present = new Set(identities(fact))
    for (const identity of present) if (!previous.has(identity)) since.set(identity, location)
    previous = present
  }
  return (identity) => {
    const { path } = placed.location
    const layer = (since.get(identity) ?? placed.location).layer
    return layer === undefined ? { path } : { path, layer }
  }
}
