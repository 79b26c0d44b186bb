import type { Lock, LockedPackage } from '../../model/lock.ts'

/** How one package differs between two locks. */
export interface LockChange {
  readonly platform: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly name: string
  /** Absent when added. */
  readonly from?: LockedPackage
  /** Absent when removed. */
  readonly to?: LockedPackage
}

/**
 * What an update changes, sorted by platform and name. A package counts as changed when the digest of its archive is
 * different, so that a rebuild under the same version is noticed too.
 */
export function compareLocks(before: Lock | undefined, after: Lock): readonly LockChange[] {
  const names = new Set([...(before?.platforms ?? []), ...after.platforms].map((p) => p.platform))
  return [...names].sort().flatMap((platform) => {
    const packagesOf = (lock: Lock | undefined) =>
      new Map(lock?.platforms.find((p) => p.platform === platform)?.packages.map((p) => [p.name, p]))
    return comparePackages(platform, packagesOf(before), packagesOf(after))
  })
}

type Packages = ReadonlyMap<string, LockedPackage>

function comparePackages(platform: string, before: Packages, after: Packages): LockChange[] {
  const changes: LockChange[] = []
  for (const name of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const from = before.get(name)
    const to = after.get(name)
    if (from === undefined && to !== undefined) changes.push({ platform, kind: 'added', name, to })
    else if (from !== undefined && to === undefined) changes.push({ platform, kind: 'removed', name, from })
    else if (from !== undefined && to !== undefined && from.digest !== to.digest)
      changes.push({ platform, kind: 'changed', name, from, to })
  }
  return changes
}
