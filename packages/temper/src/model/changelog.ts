/** A vulnerability that a changelog says is repaired. */
export interface ChangelogFix {
  /** CVE id. */
  readonly id: string
  /** Of the source package: the entry that says so. */
  readonly version: string
  /** The words of the entry, on one line. */
  readonly text: string
}

/** What the changelog in a package says of vulnerabilities. */
export interface ChangelogFacts {
  /** Path in the archive. */
  readonly path: string
  /** Source package and version of its newest entry. */
  readonly source: string
  readonly version: string
  /** Newest entry first. */
  readonly fixes: readonly ChangelogFix[]
}
