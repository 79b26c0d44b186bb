import type { Digest } from '../../base/digest.ts'
import type { VersionScheme } from '../version-scheme.ts'
import type { FeedCoverage } from './coverage.ts'

/** From worst to mildest; "unknown" when nobody says. */
export const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const

export type Severity = (typeof severities)[number]

/** One severity rating of a vulnerability, and who gives it. */
export interface SeverityStatement {
  /** A CVSS version, or the distribution's own word. */
  readonly kind: 'CVSS_V2' | 'CVSS_V3' | 'CVSS_V4' | 'word'
  /** A vector, or the word: "unimportant", "IMPORTANT". */
  readonly value: string
}

/** What happens at a version, in the order of the scheme (OSV schema, affected[].ranges[].events). */
export type RangeEvent =
  | { readonly introduced: string }
  | { readonly fixed: string }
  | { readonly lastAffected: string }
  | { readonly limit: string }

export interface VersionRange {
  /** Absent for git ranges, which no package version can be compared with: they are dropped when read. */
  readonly scheme: VersionScheme
  readonly events: readonly RangeEvent[]
}

/**
 * How a distribution treats a vulnerability that has no fixed version: will fix in a point release ("deferred",
 * Debian's no-dsa and postponed), will not ("wont-fix": ignored, end-of-life), or has not said.
 */
export type UnfixedState = 'deferred' | 'wont-fix' | 'open'

/** One package that an advisory speaks of. */
export interface AffectedPackage {
  /** As OSV names it, with its release: "Debian:12", "Alpine:v3.20", "PyPI", "Maven". */
  readonly ecosystem: string
  /** A source package for distributions that name sources, else as components name it. */
  readonly name: string
  readonly ranges: readonly VersionRange[]
  /** Versions that are affected besides those in ranges. */
  readonly versions: readonly string[]
  readonly severity?: readonly SeverityStatement[]
  readonly unfixed?: UnfixedState
  /** When the fixed version came out, RFC 3339, where the feed says so. */
  readonly fixPublished?: string
  /** The release's own statement that it was never affected; it overrides ranges, see docs. */
  readonly notAffected?: boolean
}

/** One record of one feed. */
export interface Advisory {
  readonly id: string
  /** Other names of the same problem: OSV's `aliases`, and `upstream` where there is exactly one. */
  readonly aliases: readonly string[]
  /**
   * Problems that it repairs when these are several (a DSA, USN, ALSA or RHSA with many CVEs): each is a problem of its
   * own, never another name of the next one.
   */
  readonly covers?: readonly string[]
  /** Id of the feed that it is from. */
  readonly feed: string
  readonly summary?: string
  /** RFC 3339. */
  readonly published?: string
  readonly modified?: string
  readonly withdrawn?: string
  readonly severity: readonly SeverityStatement[]
  readonly affected: readonly AffectedPackage[]
  readonly references?: readonly string[]
}

/**
 * What an index answers for one package name: the part of an advisory that is about it, and what the advisory says of all
 * packages. An index on disk reads members other than `id`, `feed` and `affected` when they are first asked for: match first, ask then, and do
 * not copy entries by spreading them.
 */
export interface AdvisoryEntry
  extends Pick<Advisory, 'id' | 'feed' | 'aliases' | 'severity'>,
    LateFacts<Omit<Advisory, 'id' | 'feed' | 'aliases' | 'severity' | 'affected' | 'withdrawn'>> {
  readonly affected: AffectedPackage
}

/** Optional members that may be there without a value: they are computed. */
type LateFacts<T> = { readonly [K in keyof T]?: T[K] | undefined }

/** Known exploitation (CISA's catalogue). */
export interface KnownExploited {
  /** Day, YYYY-MM-DD. */
  readonly added: string
  readonly due?: string
  readonly ransomware?: boolean
}

/** A Java archive as Maven's central repository, or another one, has it. */
export interface KnownArchive {
  /** "GROUP:ARTIFACT". */
  readonly name: string
  readonly version: string
}

/** Probability of exploitation within 30 days (FIRST's EPSS), both from 0 to 1. */
export interface ExploitPrediction {
  readonly score: number
  readonly percentile: number
}

/** A source of advisories, as it was when it was read. */
export interface FeedState {
  readonly id: string
  readonly kind: 'osv' | 'debian-tracker' | 'secdb' | 'kev' | 'epss' | 'changelogs' | 'archives'
  readonly url?: string
  readonly licence?: string
  /** When it was fetched or imported, RFC 3339. */
  readonly fetched?: string
  /** The newest date that its records carry. */
  readonly date?: string
  /** The oldest date at which a record was published: of earlier days nothing is known. */
  readonly since?: string
  /** Records. */
  readonly count: number
  /** Records that could not be understood and were left out. */
  readonly skipped?: number
  /** Of what was read: the file as it was fetched, or all files of a folder. */
  readonly digest: Digest
  /** True when it is older than the person allows. */
  readonly stale?: boolean
  /** What it can speak for; absent for feeds that were read before this was kept, which speak for nothing. */
  readonly covers?: readonly FeedCoverage[]
}

/**
 * The day that a feed speaks of, RFC 3339 or YYYY-MM-DD: what a publisher was asked for is of that day; what was imported is
 * as old as its newest record.
 */
export function dayOfFeed({ url, date, fetched }: FeedState): string | undefined {
  return url === undefined ? (date ?? fetched) : (fetched ?? date)
}

/**
 * What a feed can speak for. A list of which nobody says that it is whole speaks only for what it names: versions before
 * this one took large collections for lists.
 */
export function coverageOfFeed({
  covers = [],
  url,
}: Pick<FeedState, 'covers' | 'url'>): readonly FeedCoverage[] {
  if (url !== undefined) return covers
  return covers.map((each) =>
    each.extent === 'list' && each.by === undefined ? { ...each, extent: 'records' } : each,
  )
}

/** A requested day in the past, and how exactly the state matches it. */
export interface AsOf {
  /** YYYY-MM-DD. */
  readonly day: string
  /**
   * True: a state that was built on that day or the last one before it. False: rebuilt from a later state by leaving out
   * what was published later, and predictions; later changes of older records cannot be undone.
   */
  readonly exact: boolean
  /** The day that the state was built on, YYYY-MM-DD, where that is known. */
  readonly built?: string
}

/**
 * The whole index, opened for reading: look-ups are synchronous, take microseconds, and read only what they
 * need. Safe for many processes; the opened state does not change underneath.
 */
export interface AdvisoryIndex {
  readonly feeds: readonly FeedState[]
  /** When it was asked for the state of a day in the past. */
  readonly asOf?: AsOf
  /**
   * Entries of one package, in the order of advisory ids; none for names that nobody speaks of. Withdrawn records are
   * left out.
   */
  lookup(ecosystem: string, name: string): readonly AdvisoryEntry[]
  /** Releases of an ecosystem family that the index knows: "Debian" → ["10", "11", …]. */
  releases(family: string): readonly string[]
  /** Takes a CVE id. */
  exploited(id: string): KnownExploited | undefined
  prediction(id: string): ExploitPrediction | undefined
  /** The name under which an archive was published, by its SHA-1 in hex. */
  archive(sha1: string): KnownArchive | undefined
  /** What any feed says of an id apart from packages (severity, dates, aliases): for ids that a distribution names bare. */
  facts(id: string): Omit<Advisory, 'affected'> | undefined
  close(): void
}
