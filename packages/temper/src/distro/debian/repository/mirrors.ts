import type { LockedSuite } from '../../../model/lock.ts'
import type { RepositoryRequest } from '../../../model/recipe.ts'
import { type Mirror, toMirror, withoutDoubles } from '../../shared/fetching/mirror.ts'
import { type DebianArchive, debianArchives } from '../releases.ts'
import type { ArchiveAddresses } from './apt-sources.ts'
import { snapshotAddress, snapshotTime } from './snapshot.ts'

/** Where to look for Debian's archives, in the order of preference: recipe, configuration, host, snapshot. */
export interface MirrorSettings {
  readonly recipe?: ArchiveAddresses
  /** Configuration file and environment: addresses by the id of an archive. */
  readonly configuration?: Readonly<Record<string, readonly string[]>>
  readonly host?: ArchiveAddresses
  /** Base address of the snapshot archive; default snapshot.debian.org's. */
  readonly snapshotArchive?: string
}

const day = 24 * 3600 * 1000

/** Mirrors of an archive for resolving; the last resort is the snapshot archive as of `now`. */
export function mirrorsOf(archive: DebianArchive, settings: MirrorSettings, now: Date): Mirror[] {
  return withoutDoubles([...preferred(archive, settings), snapshotMirror(archive, now, settings)])
}

/**
 * Where the packages of a lock can be fetched, by repository id: what is configured now, the address that
 * served the lock, and for Debian's own archives the snapshot archive as of the suites' dates.
 */
export function packageMirrors(
  suites: readonly Pick<LockedSuite, 'repository' | 'address' | 'date'>[],
  settings: MirrorSettings,
): ReadonlyMap<string, readonly Mirror[]> {
  const mirrors = new Map<string, Mirror[]>()
  for (const repository of new Set(suites.map((suite) => suite.repository))) {
    const own = suites.filter((suite) => suite.repository === repository)
    const locked = own.map((suite) => toDebianMirror(suite.address, 'lock'))
    const archive = debianArchives.find((known) => known === repository)
    const dates = [...new Set(own.map((suite) => Date.parse(suite.date)))]
      .filter(Number.isFinite)
      .sort((a, b) => a - b)
    // A suite is signed a while before the snapshot archive takes it: look a day later first.
    const times = dates.reverse().flatMap((date) => [date + day, date])
    const snapshots = archive ? times.map((time) => snapshotMirror(archive, new Date(time), settings)) : []
    const first = archive ? preferred(archive, settings) : []
    mirrors.set(repository, withoutDoubles([...first, ...locked, ...snapshots]))
  }
  return mirrors
}

/** The recipe's repositories that stand for one of Debian's archives, by their name. */
export function recipeMirrors(repositories: readonly RepositoryRequest[]): ArchiveAddresses {
  const addresses = (name: DebianArchive) =>
    repositories.filter((repository) => repository.name === name).map((repository) => repository.address)
  return { debian: addresses('debian'), 'debian-security': addresses('debian-security') }
}

/** A base address; one of the snapshot archive shows the state of a time. Errors: as `toMirror`. */
export function toDebianMirror(address: string, from: Mirror['from']): Mirror {
  const mirror = toMirror(address, from)
  const snapshot = snapshotTime(mirror.address)
  return snapshot === undefined ? mirror : { ...mirror, snapshot }
}

function preferred(archive: DebianArchive, settings: MirrorSettings): Mirror[] {
  const configured = settings.configuration?.[archive] ?? []
  return [
    ...(settings.recipe?.[archive] ?? []).map((address) => toDebianMirror(address, 'recipe')),
    ...configured.map((address) => toDebianMirror(address, 'configuration')),
    ...(settings.host?.[archive] ?? []).map((address) => toDebianMirror(address, 'host')),
  ]
}

function snapshotMirror(archive: DebianArchive, time: Date, settings: MirrorSettings): Mirror {
  return toDebianMirror(snapshotAddress(archive, time, settings.snapshotArchive), 'snapshot')
}
