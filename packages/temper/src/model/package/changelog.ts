/** One entry of a changelog of the distribution. */
export interface ChangelogEntry {
  /** Source package. */
  readonly source: string
  readonly version: string
  /** As written, in whatever form. */
  readonly date?: string
  /** Its text, without leading and trailing white space. */
  readonly changes: string
  /** CVE ids that the changes name, each once, in their order. */
  readonly cveIds: readonly string[]
}

/** A vulnerability that a changelog says is fixed. */
export interface ChangelogFix {
  /** CVE id. */
  readonly id: string
  /** The lowest version of the source package in this changelog that has the fix. */
  readonly version: string
  /** Version of the entry that says so, when it is another one. */
  readonly entry?: string
  /** The words of the entry, on one line. */
  readonly text: string
}

/** What the changelog in a package says about vulnerabilities. */
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
 * For each entry, newest first as in the file, the lowest version that has its changes: that of the entry itself or
 * of a newer one. A changelog is in chronological order, which is not always the order of versions: `2.1~deb12u1`,
 * made from `2.1`, sorts below it and has everything that it has.
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
 * CVE ids, sorted by year and number, of the changes made after `from` up to `to` (versions of the source package).
 * Empty when `to` is not the newer one.
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
