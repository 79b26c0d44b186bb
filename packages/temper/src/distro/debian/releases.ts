import { TemperError } from '../../base/error.ts'
import type { Release } from '../../model/distro.ts'

/** The two archives of Debian, by their id in the lock. */
export const debianArchives = ['debian', 'debian-security'] as const
export type DebianArchive = (typeof debianArchives)[number]

export interface DebianRelease extends Release {
  readonly codename: string
  readonly suites: readonly ReleaseSuite[]
  readonly components: readonly string[]
  /** Absent: it has none. */
  readonly fipsPackage?: string
}

export interface ReleaseSuite {
  readonly archive: DebianArchive
  readonly suite: string
  /** Key files that ship with Temper and may sign it. */
  readonly keys: readonly string[]
}

/** A new release is one more line here, and its key files under keys/. */
export const debianReleases: readonly DebianRelease[] = [
  { ...release('13', 'trixie'), fipsPackage: 'openssl-provider-fips' },
  release('12', 'bookworm'),
]

/** The release of an id. It must be one of `debianReleases`. */
export function debianRelease(id: string): DebianRelease {
  const match = debianReleases.find((known) => known.id === id)
  if (match === undefined) throw new TemperError('internal', `There is no release ${id} of Debian`)
  return match
}

function release(version: string, codename: string): DebianRelease {
  const archiveKeys = [`debian-archive-${codename}-automatic.asc`, `debian-archive-${codename}-stable.asc`]
  const securityKeys = [`debian-archive-${codename}-security-automatic.asc`]
  return {
    id: `debian-${version}`,
    version,
    codename,
    suites: [
      { archive: 'debian', suite: codename, keys: archiveKeys },
      { archive: 'debian', suite: `${codename}-updates`, keys: archiveKeys },
      { archive: 'debian-security', suite: `${codename}-security`, keys: securityKeys },
    ],
    components: ['main'],
    osRelease: {
      PRETTY_NAME: `Debian GNU/Linux ${version} (${codename})`,
      NAME: 'Debian GNU/Linux',
      VERSION_ID: version,
      VERSION: `${version} (${codename})`,
      VERSION_CODENAME: codename,
      ID: 'debian',
      HOME_URL: 'https://www.debian.org/',
      SUPPORT_URL: 'https://www.debian.org/support',
      BUG_REPORT_URL: 'https://bugs.debian.org/',
    },
  }
}
