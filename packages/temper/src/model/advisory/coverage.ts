/**
 * What a feed can speak for. "list": all that its publisher knows of an ecosystem, so that a package without a record has
 * no known problem. "packages": all that is known of the packages that it names. "records": what it has records of, and
 * nothing else: silence means nothing.
 */
export type CoverageExtent = 'list' | 'packages' | 'records'

/** Whether it tells of problems that nobody has repaired yet, or of repairs alone (secdb, errata, changelogs). */
export type CoverageKnowledge = 'all' | 'repaired'

/**
 * Who says that a feed is a whole list: its publisher (fetched from its address, or a file under its name), the document
 * itself, or the person who imported it.
 */
export type CoverageSpeaker = 'publisher' | 'format' | 'person'

/** One statement of what a feed covers; a feed has one for each extent, knowledge and speaker. */
export interface FeedCoverage {
  readonly extent: CoverageExtent
  readonly knows: CoverageKnowledge
  /** Who says so: where the extent is "list". */
  readonly by?: CoverageSpeaker
  /** As the index names them: "Debian:13", "PyPI". Sorted. */
  readonly ecosystems: readonly string[]
  /** Names of packages, sorted: where the extent is "packages". */
  readonly packages?: readonly string[]
  /** Which part of a list that is published in several: the repository of an apk distribution ("main"). */
  readonly part?: string
}
