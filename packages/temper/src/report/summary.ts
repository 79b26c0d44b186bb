import { type Severity, severities } from '../model/advisory.ts'
import type { Finding, ScanResult } from '../model/finding.ts'

/** The numbers that a person wants first. */
export interface ScanSummary {
  readonly total: number
  readonly severities: Readonly<Record<Severity, number>>
  /** Findings that an upgrade removes. */
  readonly fixable: number
  /** Findings that are known to be exploited. */
  readonly exploited: number
  readonly suppressed: number
  readonly secrets: number
  /** False when something could not be read or compared: then nothing found is no proof of anything. */
  readonly complete: boolean
}

type Summarised = Pick<ScanResult, 'findings' | 'suppressed' | 'secrets' | 'feeds' | 'notes'>

/** Notes that say that packages were not found, or not compared. */
const gaps: ReadonlySet<string> = new Set([
  'no-advisories',
  'package-database-deleted',
  'database-damaged',
  'database-incomplete',
])

/** Whether all that is in the target was compared with advisories. */
export function isComplete({ feeds, notes }: Pick<ScanResult, 'feeds' | 'notes'>): boolean {
  return feeds.length > 0 && !notes.some(({ code }) => gaps.has(code))
}

export function summarise(result: Summarised): ScanSummary {
  const { findings } = result
  return {
    total: findings.length,
    severities: countSeverities(findings),
    fixable: findings.filter((finding) => finding.fixedVersions.length > 0).length,
    exploited: findings.filter((finding) => finding.exploited !== undefined).length,
    suppressed: result.suppressed.length,
    secrets: result.secrets.length,
    complete: isComplete(result),
  }
}

export function countSeverities(
  findings: readonly Pick<Finding, 'severity'>[],
): Readonly<Record<Severity, number>> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0 }
  for (const { severity } of findings) counts[severity]++
  return counts
}

/** "2 critical, 5 high"; empty when there are none. */
export function severityText(counts: Readonly<Record<Severity, number>>): string {
  return severities
    .flatMap((severity) => (counts[severity] > 0 ? [`${counts[severity]} ${severity}`] : []))
    .join(', ')
}

/** The line of a summary: "12 problems: 1 critical, 4 high; 8 fixable, 1 known to be exploited". */
export function summaryLine(result: Summarised): string {
  const { total, fixable, exploited, severities: counts, suppressed, secrets, complete } = summarise(result)
  const more = [
    ...(total > 0 ? [`${fixable} fixable`] : []),
    ...(exploited > 0 ? [`${exploited} known to be exploited`] : []),
    ...(secrets > 0 ? [`${secrets} ${secrets === 1 ? 'secret' : 'secrets'}`] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
  ].join(', ')
  const head =
    total === 0
      ? complete
        ? 'no known vulnerabilities'
        : 'nothing found, but not everything could be compared'
      : `${total} ${total === 1 ? 'vulnerability' : 'vulnerabilities'}: ${severityText(counts)}`
  return more === '' ? head : `${head}; ${more}`
}
