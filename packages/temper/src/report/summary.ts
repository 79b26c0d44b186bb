import { type Severity, severities } from '../model/advisory/advisory.ts'
import type { Finding, ScanResult } from '../model/advisory/finding.ts'
import { isComplete } from '../model/advisory/scan-report.ts'

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

/** The line of a summary: "12 vulnerabilities: 1 critical, 4 high; 8 fixable, 1 known to be exploited". */
export function summaryLine(result: Summarised): string {
  return countsLine(summarise(result))
}

/** The same of numbers that are known already. */
export function countsLine(summary: ScanSummary): string {
  const { total, fixable, exploited, suppressed, secrets, severities: counts } = summary
  const more = [
    ...(total > 0 ? [`${fixable} fixable`] : []),
    ...(exploited > 0 ? [`${exploited} known to be exploited`] : []),
    ...(secrets > 0 ? [`${secrets} ${secrets === 1 ? 'secret' : 'secrets'}`] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
  ].join(', ')
  const nothing = summary.complete
    ? 'no known vulnerabilities'
    : 'nothing found, but not everything could be compared'
  const noun = total === 1 ? 'vulnerability' : 'vulnerabilities'
  const head = total === 0 ? nothing : `${total} ${noun}: ${severityText(counts)}`
  return more === '' ? head : `${head}; ${more}`
}
