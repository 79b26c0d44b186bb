/**
 * What a feed covers. "list": everything that its publisher knows about an ecosystem, so that a package without a
 * record has no known problem. "packages": everything that is known about the packages that it names. "records": only
 * what it has records of, so that the absence of a record means nothing.
 */
export type CoverageExtent = 'list' | 'packages' | 'records'

/** Whether it includes problems that are not fixed yet, or only fixes (secdb, errata, changelogs). */
export type CoverageKnowledge = 'all' | 'repaired'

/**
 * Who says that a feed is a complete list: its publisher (when it was fetched from its address, or is a file under
 * its name), the document itself, or the person who imported it.
 */
export type CoverageSpeaker = 'publisher' | 'format' | 'person'

/** One statement about what a feed covers; a feed has one for each extent, knowledge and speaker. */
export interface FeedCoverage {
  readonly extent: CoverageExtent
  readonly knows: CoverageKnowledge
  /** Who says so; set when the extent is "list". */
  readonly by?: CoverageSpeaker
  /** As the index names them: "Debian:13", "PyPI". Sorted. */
  readonly ecosystems: readonly string[]
  /** Names of packages, sorted; set when the extent is "packages". */
  readonly packages?: readonly string[]
  /** Which part of a list that is published in several: the repository of an apk distribution ("main"). */
  readonly part?: string
}
