/** One entry of a changelog of the distribution. */
export interface ChangelogEntry {
  /** Source package. */
  readonly source: string
  readonly version: string
  /** As written, in whatever form. */
  readonly date?: string
  /** Its words, without white space at both ends of the whole. */
  readonly changes: string
  /** CVE ids that the changes name, each once, in their order. */
  readonly cveIds: readonly string[]
}

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

/**
 * CVE ids, sorted by year and number, that entries name which are newer than `from` up to `to` (versions of the source
 * package). Empty when `to` is not the newer one.
 */
export function cveIdsBetween(
  entries: readonly ChangelogEntry[],
  range: { readonly from: string; readonly to: string },
  compareVersions: (a: string, b: string) => number,
): string[] {
  const named = entries.filter(
    ({ version }) => compareVersions(version, range.from) > 0 && compareVersions(version, range.to) <= 0,
  )
  return [...new Set(named.flatMap(({ cveIds }) => cveIds))].sort(byNumber)
}

/** By year, then number: CVE-2026-999 comes before CVE-2026-10000. */
function byNumber(a: string, b: string): number {
  const [, yearA, numberA] = a.split('-').map(Number)
  const [, yearB, numberB] = b.split('-').map(Number)
  return (yearA ?? 0) - (yearB ?? 0) || (numberA ?? 0) - (numberB ?? 0)
}
