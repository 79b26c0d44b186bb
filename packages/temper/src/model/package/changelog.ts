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
  /** Of the source package: the lowest version in this changelog that has the repair. */
  readonly version: string
  /** Of the entry that says so, when it is another one. */
  readonly entry?: string
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
 * For each entry, newest first as in the file, the lowest version that has its changes: that of the entry itself or of
 * a newer one. A changelog is in the order of time, and versions are not always: `2.1~deb12u1`, made of `2.1`, sorts
 * below it and has all that it has.
 */
export function versionsWithChanges(
  entries: readonly Pick<ChangelogEntry, 'version'>[],
  compareVersions: (a: string, b: string) => number,
): readonly string[] {
  let lowest: string | undefined
  return entries.map(({ version }) => {
    if (lowest === undefined || compareVersions(version, lowest) < 0) lowest = version
    return lowest
  })
}

/**
 * CVE ids, sorted by year and number, of the changes that came in after `from` up to `to` (versions of the source
 * package). Empty when `to` is not the newer one.
 */
export function cveIdsBetween(
  entries: readonly ChangelogEntry[],
  range: { readonly from: string; readonly to: string },
  compareVersions: (a: string, b: string) => number,
): string[] {
  const versions = versionsWithChanges(entries, compareVersions)
  const named = entries.filter((_, i) => {
    const version = versions[i] ?? ''
    return compareVersions(version, range.from) > 0 && compareVersions(version, range.to) <= 0
  })
  return [...new Set(named.flatMap(({ cveIds }) => cveIds))].sort(byNumber)
}

/** By year, then number: CVE-2026-999 comes before CVE-2026-10000. */
function byNumber(a: string, b: string): number {
  const [, yearA, numberA] = a.split('-').map(Number)
  const [, yearB, numberB] = b.split('-').map(Number)
  return (yearA ?? 0) - (yearB ?? 0) || (numberA ?? 0) - (numberB ?? 0)
}
