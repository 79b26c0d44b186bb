import type { Retention } from '../../advisory/index/store/retention.ts'

/** What the configuration file says about feeds; whatever it leaves out has the defaults below. */
export interface FeedConfiguration {
  /** Addresses by name of the source; "off" where it is not wanted. */
  readonly addresses: Readonly<Partial<Record<FeedSourceName, string>>>
  /** Ecosystems whose records are fetched from OSV, as it names them. */
  readonly ecosystems?: readonly string[]
  /** Releases whose records are fetched from Alpine's secdb. */
  readonly alpineReleases?: readonly string[]
  /** Seconds after which a feed counts as stale. */
  readonly staleAfter?: number
  /** Bytes that indices of earlier days may take. */
  readonly history?: number
}

export const feedSourceNames = [
  'osv',
  'debian-tracker',
  'alpine-secdb',
  'wolfi-secdb',
  'chainguard-secdb',
  'kev',
  'epss',
] as const

export type FeedSourceName = (typeof feedSourceNames)[number]

/** The publishers' own addresses. */
export const publishers: Readonly<Record<FeedSourceName, string>> = {
  osv: 'https://osv-vulnerabilities.storage.googleapis.com',
  'debian-tracker': 'https://security-tracker.debian.org/tracker/data/json',
  'alpine-secdb': 'https://secdb.alpinelinux.org',
  'wolfi-secdb': 'https://packages.wolfi.dev/os/security.json',
  'chainguard-secdb': 'https://packages.cgr.dev/chainguard/security.json',
  kev: 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json',
  epss: 'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz',
}

/**
 * What Temper finds in images: the distributions that it knows and the languages. Debian's tracker and the secdbs say
 * more about their distributions than OSV does; OSV has the advisories by which Debian announced fixes. Bitnami's are
 * those of its own images and of Node.js itself.
 */
export const defaultEcosystems: readonly string[] = [
  'AlmaLinux',
  'Bitnami',
  'Debian',
  'GitHub Actions',
  'Go',
  'Maven',
  'NuGet',
  'Packagist',
  'PyPI',
  'Red Hat',
  'Rocky Linux',
  'RubyGems',
  'Ubuntu',
  'crates',
  'npm',
]

export const defaultAlpineReleases: readonly string[] = [
  'v3.16',
  'v3.17',
  'v3.18',
  'v3.19',
  'v3.20',
  'v3.21',
  'v3.22',
  'v3.23',
  'v3.24',
  'edge',
]

const defaultHistory = 1024 * 1024 * 1024

export function retentionOf(context: { readonly feeds?: FeedConfiguration }): Retention {
  return { size: context.feeds?.history ?? defaultHistory }
}
