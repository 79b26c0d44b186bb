import type { Digest } from '../../base/digest.ts'
import type { VersionScheme } from '../version-scheme.ts'
import type { FeedCoverage } from './coverage.ts'

/** From worst to mildest; "unknown" when no source says. */
export const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const

export type Severity = (typeof severities)[number]

/** One severity rating of a vulnerability, and its source. */
export interface SeverityStatement {
  /** A CVSS version, or the distribution's own word. */
  readonly kind: 'CVSS_V2' | 'CVSS_V3' | 'CVSS_V4' | 'word'
  /** A vector, or the word: "unimportant", "IMPORTANT". */
  readonly value: string
}

/** What changes at a version, in the order of the scheme (OSV schema, affected[].ranges[].events). */
export type RangeEvent =
  | { readonly introduced: string }
  | { readonly fixed: string }
  | { readonly lastAffected: string }
  | { readonly limit: string }

export interface VersionRange {
  /** Absent for git ranges, which cannot be compared with package versions and are dropped when read. */
  readonly scheme: VersionScheme
  readonly events: readonly RangeEvent[]
}

/**
 * How a distribution treats a vulnerability that has no fixed version: will fix in a point release ("deferred",
 * Debian's no-dsa and postponed), will not ("wont-fix": ignored, end-of-life), or has not said.
 */
export type UnfixedState = 'deferred' | 'wont-fix' | 'open'

/** One package that an advisory is about. */
export interface AffectedPackage {
  /** As OSV names it, with its release: "Debian:12", "Alpine:v3.20", "PyPI", "Maven". */
  readonly ecosystem: string
  /** A source package for distributions that name sources; else the name that components have. */
  readonly name: string
  readonly ranges: readonly VersionRange[]
  /** Affected versions besides those in ranges. */
  readonly versions: readonly string[]
  readonly severity?: readonly SeverityStatement[]
  readonly unfixed?: UnfixedState
  /** When the fixed version came out, RFC 3339, where the feed says so. */
  readonly fixPublished?: string
  /** The release's own statement that it was never affected; it overrides ranges, see docs. */
  readonly notAffected?: boolean
}

/** One record from one feed. */
export interface Advisory {
  readonly id: string
  /** Other names of the same problem: OSV's `aliases`, and `upstream` where there is exactly one. */
  readonly aliases: readonly string[]
  /**
   * Problems that it fixes when there are several (a DSA, USN, ALSA or RHSA with many CVEs). Each is a separate
   * problem, never another name of the others.
   */
  readonly covers?: readonly string[]
  /** Id of the feed that it comes from. */
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
 * What an index returns for one package name: the part of an advisory that is about it, and what the advisory says
 * about all packages. An index on disk reads members other than `id`, `feed` and `affected` on first access, so match
 * before accessing them, and do not copy entries by spreading them.
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
  /** The day on which it was listed, YYYY-MM-DD. */
  readonly added: string
  readonly due?: string
  readonly ransomware?: boolean
}

/** A Java archive as Maven's central repository, or another one, publishes it. */
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

/** A source of advisories, in its state when it was read. */
export interface FeedState {
  readonly id: string
  readonly kind: 'osv' | 'debian-tracker' | 'secdb' | 'kev' | 'epss' | 'changelogs' | 'archives'
  readonly url?: string
  readonly licence?: string
  /** When it was fetched or imported, RFC 3339. */
  readonly fetched?: string
  /** The newest date in its records. */
  readonly date?: string
  /** The oldest publication date of a record; nothing is known about earlier days. */
  readonly since?: string
  /** Number of records. */
  readonly count: number
  /** Number of records that could not be understood and were left out. */
  readonly skipped?: number
  /** Digest of what was read: the file as it was fetched, or all files of a folder. */
  readonly digest: Digest
  /** True when it is older than allowed. */
  readonly stale?: boolean
  /** What it covers; absent for feeds that were read before this was recorded, which cover nothing. */
  readonly covers?: readonly FeedCoverage[]
}

/**
 * The day whose state a feed describes, RFC 3339 or YYYY-MM-DD: the day on which it was fetched from its publisher,
 * or, when it was imported, the date of its newest record.
 */
export function dayOfFeed({ url, date, fetched }: FeedState): string | undefined {
  return url === undefined ? (date ?? fetched) : (fetched ?? date)
}

/**
 * What a feed covers. A list that nobody says is complete covers only what it names; earlier versions took large
 * collections for lists.
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
   * True for a state that was built on that day, or the last one before it. False for one that was rebuilt from a
   * later state by leaving out predictions and what was published later; later changes to older records cannot be
   * undone.
   */
  readonly exact: boolean
  /** The day that the state was built on, YYYY-MM-DD, where that is known. */
  readonly built?: string
}

/**
 * The whole index, opened for reading. Look-ups are synchronous, take microseconds, and read only what they need.
 * Safe for many processes; the opened state does not change.
 */
export interface AdvisoryIndex {
  readonly feeds: readonly FeedState[]
  /** Set when the state of a day in the past was requested. */
  readonly asOf?: AsOf
  /**
   * Entries of one package, in the order of advisory ids; none for names that no record has. Withdrawn records are
   * left out.
   */
  lookup(ecosystem: string, name: string): readonly AdvisoryEntry[]
  /** Releases of an ecosystem family that the index knows: "Debian" → ["10", "11", …]. */
  releases(family: string): readonly string[]
  /** What is known about the exploitation of a CVE id. */
  exploited(id: string): KnownExploited | undefined
  prediction(id: string): ExploitPrediction | undefined
  /** The name under which an archive was published, by its SHA-1 in hex. */
  archive(sha1: string): KnownArchive | undefined
  /**
   * What any feed says about an id apart from packages (severity, dates, aliases), for ids that a distribution lists
   * without details.
   */
  facts(id: string): Omit<Advisory, 'affected'> | undefined
  close(): void
}
