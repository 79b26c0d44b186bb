import { solve } from '../../../assemble/solve/solve.ts'
import { TemperError } from '../../../base/error.ts'
import type { Distro } from '../../../model/distro.ts'
import type { LockedPackage } from '../../../model/lock.ts'
import type { SystemPackage } from '../../../model/package/installed.ts'
import type { Dependency, IndexedPackage, PackageIndex } from '../../../model/package/package.ts'
import type { PackageSource } from '../../../model/package/package-source.ts'
import type { Architecture } from '../../../model/platform.ts'
import type { LeftOver } from '../request.ts'

/** One package that replaces another, or is added because a new version needs it. */
export interface PackageUpdate {
  readonly from?: SystemPackage
  readonly to: LockedPackage
}

export interface UpdateChoice {
  /** By name. */
  readonly updates: readonly PackageUpdate[]
  readonly left: readonly LeftOver[]
}

/**
 * Chooses newer versions of installed packages: the newest that can be installed together, with what they
 * additionally need. No package is downgraded or removed. Deterministic.
 */
export async function chooseUpdates(
  installed: readonly SystemPackage[],
  source: PackageSource,
  { distro, architecture }: { readonly distro: Distro; readonly architecture: Architecture },
): Promise<UpdateChoice> {
  const { rules } = distro
  const index = await source.index(architecture)
  const own = installed.filter(({ package: candidate }) => rules.fitsArchitecture(candidate, architecture))
  const byName = new Map(own.map((each) => [each.package.name, each]))
  const present = withoutBroken([...byName.values()], { distro, architecture })
  const combined = combine(present, index, distro)
  const requests = [...byName.keys()].sort().map((name) => ({ name, excluded: false }))
  const { installOnly: _kept, ...others } = rules
  const solution = attempt(() => solve(requests, combined, { architecture, rules: others }))
  if (solution instanceof TemperError)
    return { updates: [], left: [{ what: 'updates', why: solution.message.split('\n')[0] ?? '' }] }
  const chosen = solution.packages.filter(({ package: candidate }) => candidate.origin.location !== '')
  const pinned = await source.pin?.(chosen.map(({ package: candidate }) => candidate))
  const updates = chosen.map(({ package: candidate, wantedBy }, at): PackageUpdate => {
    const from = byName.get(candidate.name)
    return {
      ...(from === undefined ? {} : { from }),
      to: lockedPackage(pinned?.[at] ?? candidate, from === undefined ? wantedBy : 'recipe'),
    }
  })
  const updated = new Set(updates.map(({ to }) => to.name))
  const left = installed.flatMap((present): LeftOver[] => {
    const { name, version, architecture: of } = present.package
    if (byName.get(name) !== present)
      return [{ what: `${name}:${of}`, why: 'it is for another architecture' }]
    if (updated.has(name)) return []
    const versions = index.versions(name)
    const what = `${name} ${version}`
    if (versions.length === 0) return [{ what, why: 'the archive of the distribution has no such package' }]
    const isNewer = versions.some(
      (each) =>
        rules.compareVersions(each.version, version) > 0 &&
        !rules.isOptionalSuite(each.origin.suite) &&
        rules.fitsArchitecture(each, architecture),
    )
    return isNewer ? [{ what, why: 'its newer version cannot be installed with the other packages' }] : []
  })
  return { updates, left }
}

function attempt<T>(work: () => T): T | TemperError {
  try {
    return work()
  } catch (error) {
    if (error instanceof TemperError && ['unsatisfiable', 'limit-exceeded'].includes(error.code)) return error
    throw error
  }
}

/** The installed packages by name, without dependencies that were already unsatisfied. */
export function withoutBroken(
  installed: readonly SystemPackage[],
  { distro, architecture }: { readonly distro: Distro; readonly architecture: Architecture },
): ReadonlyMap<string, IndexedPackage> {
  const all = installed.map(({ package: candidate }) => candidate)
  const byName = new Map<string, IndexedPackage[]>()
  for (const candidate of all)
    for (const name of new Set([candidate.name, ...candidate.provides.map((each) => each.name)])) {
      const known = byName.get(name)
      if (known === undefined) byName.set(name, [candidate])
      else known.push(candidate)
    }
  const isMet = (dependency: Dependency) =>
    dependency.some((requirement) =>
      byName
        .get(requirement.name)
        ?.some((candidate) => distro.rules.satisfies(candidate, requirement, architecture)),
    )
  return new Map(
    all.map((candidate) => [
      candidate.name,
      {
        ...candidate,
        depends: candidate.depends.filter(isMet),
        preDepends: candidate.preDepends.filter(isMet),
        conflicts: [],
        breaks: [],
      },
    ]),
  )
}

/** The archive as this image sees it: what is installed, and what is newer. */
function combine(
  present: ReadonlyMap<string, IndexedPackage>,
  index: PackageIndex,
  { rules }: Distro,
): PackageIndex {
  return indexOver(
    present,
    index,
    (offered, own) => own === undefined || rules.compareVersions(offered.version, own.version) > 0,
  )
}

/** An index of the installed packages and of what another index offers under the same names. */
export function indexOver(
  present: ReadonlyMap<string, IndexedPackage>,
  index: PackageIndex,
  offers: (offered: IndexedPackage, own: IndexedPackage | undefined) => boolean,
): PackageIndex {
  const isOffered = (offered: IndexedPackage) => offers(offered, present.get(offered.name))
  return {
    versions: (name) => {
      const own = present.get(name)
      const others = index.versions(name).filter(isOffered)
      return own === undefined ? others : [own, ...others]
    },
    providers: (name) => [
      ...[...present.values()].filter(({ provides }) => provides.some((each) => each.name === name)),
      ...index.providers(name).filter(isOffered),
    ],
    names: () => [...new Set([...present.keys(), ...index.names()])].sort(),
  }
}

function lockedPackage(indexed: IndexedPackage, wantedBy: string): LockedPackage {
  const { name, version, architecture, source, digest, size, installedSize, origin } = indexed
  return { name, version, architecture, source, digest, size, installedSize, origin, wantedBy }
}
