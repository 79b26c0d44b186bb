import type { ChosenPackage } from '../../assemble/solve/solution.ts'
import type { LockedPackage } from '../../model/lock.ts'
import type { IndexedPackage } from '../../model/package/package.ts'

/** What a lock records of a package: enough to fetch, name and judge it, but nothing that only resolving needs. */
export function lockedPackage({ wantedBy }: ChosenPackage, indexed: IndexedPackage): LockedPackage {
  const { name, version, architecture, source, digest, size, installedSize, origin } = indexed
  return { name, version, architecture, source, digest, size, installedSize, origin, wantedBy }
}
