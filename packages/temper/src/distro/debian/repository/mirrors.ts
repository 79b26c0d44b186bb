import { TemperError } from '../../../base/error.ts'
import { redactUrl } from '../../../base/http/redact.ts'
import type { LockedSuite } from '../../../model/lock.ts'
import type { RepositoryRequest } from '../../../model/recipe.ts'
import { type DebianArchive, debianArchives } from '../releases.ts'
import type { ArchiveAddresses } from './apt-sources.ts'
import { snapshotAddress, snapshotTime } from './snapshot.ts'

/** One place that an archive can be fetched from. */
export interface Mirror {
  /** Base address without a slash at its end and without credentials. */
  readonly address: string
  readonly from: 'recipe' | 'configuration' | 'host' | 'lock' | 'snapshot'
  /** The time whose state the address shows; absent: it follows the present. */
  readonly snapshot?: Date
}

/** Where to look for Debian's archives, in the order of preference: recipe, configuration, host, snapshot. */
export interface MirrorSettings {
  readonly recipe?: ArchiveAddresses
  /** Configuration file and environment. */
  readonly configuration?: { readonly debian: readonly string[]; readonly debianSecurity: readonly string[] }
  readonly host?: ArchiveAddresses
  /** Base address of the snapshot archive; default snapshot.debian.org's. */
  readonly snapshotArchive?: string
}

const day = 24 * 3600 * 1000

/** Mirrors of an archive for resolving: the last resort is the snapshot archive as of `now`. */
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
    const locked = own.map((suite) => toMirror(suite.address, 'lock'))
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

/** Checks and normalises a base address. Errors: `bad-configuration`, or `bad-recipe` for one of a recipe. */
export function toMirror(address: string, from: Mirror['from']): Mirror {
  const url = URL.parse(address)
  const fail = (found: string) =>
    new TemperError(
      from === 'recipe' ? 'bad-recipe' : 'bad-configuration',
      `${redactUrl(address)}: ${found}`,
      {
        hint: 'Write a base address like "https://mirror.example/debian"; credentials belong into a netrc file.',
      },
    )
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw fail('a repository needs an http or https address')
  }
  if (url.username || url.password) throw fail('a repository address must not hold a user or password')
  if (url.search || url.hash) throw fail('a repository address must not have a query or fragment')
  const plain = `${url.origin}${url.pathname.replace(/\/+$/, '')}`
  const snapshot = snapshotTime(plain)
  return { address: plain, from, ...(snapshot ? { snapshot } : {}) }
}

function preferred(archive: DebianArchive, settings: MirrorSettings): Mirror[] {
  const configured =
    (archive === 'debian' ? settings.configuration?.debian : settings.configuration?.debianSecurity) ?? []
  return [
    ...(settings.recipe?.[archive] ?? []).map((address) => toMirror(address, 'recipe')),
    ...configured.map((address) => toMirror(address, 'configuration')),
    ...(settings.host?.[archive] ?? []).map((address) => toMirror(address, 'host')),
  ]
}

function snapshotMirror(archive: DebianArchive, time: Date, settings: MirrorSettings): Mirror {
  return toMirror(snapshotAddress(archive, time, settings.snapshotArchive), 'snapshot')
}

function withoutDoubles(mirrors: readonly Mirror[]): Mirror[] {
  const byAddress = new Map<string, Mirror>()
  for (const mirror of mirrors) if (!byAddress.has(mirror.address)) byAddress.set(mirror.address, mirror)
  return [...byAddress.values()]
}
