import { type Severity, severities } from '../model/advisory/advisory.ts'
import type { Finding, ScanResult } from '../model/advisory/finding.ts'
import { ledgerTotals } from '../model/advisory/ledger.ts'
import { isComplete } from '../model/advisory/scan-report.ts'

/** The numbers that a person wants first. */
export interface ScanSummary {
  readonly total: number
  readonly severities: Readonly<Record<Severity, number>>
  /** Findings that an upgrade removes. */
  readonly fixable: number
  /** Findings that are malicious packages. */
  readonly malicious: number
  /** Findings that are known to be exploited. */
  readonly exploited: number
  readonly suppressed: number
  readonly secrets: number
  /** Packages for which there were advisories, and those among them for which only repaired versions are known. */
  readonly compared: number
  readonly repairedOnly: number
  /** Of those, packages for which the feeds hold only part of what is known. */
  readonly inPart: number
  /** Packages for which there was nothing to compare with. */
  readonly notCompared: number
  /** False when something could not be read or compared: then nothing found is no proof of anything. */
  readonly complete: boolean
}

type Summarised = Pick<ScanResult, 'findings' | 'suppressed' | 'secrets' | 'ledger' | 'feeds' | 'notes'>

export function summarise(result: Summarised): ScanSummary {
  const { findings } = result
  const { compared, repairedOnly, inPart, notCompared } = ledgerTotals(result.ledger)
  return {
    total: findings.length,
    severities: countSeverities(findings),
    fixable: findings.filter((finding) => finding.fixedVersions.length > 0).length,
    malicious: findings.filter((finding) => finding.malicious === true).length,
    exploited: findings.filter((finding) => finding.exploited !== undefined).length,
    suppressed: result.suppressed.length,
    secrets: result.secrets.length,
    compared,
    repairedOnly,
    inPart,
    notCompared,
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
    .flatMap((severity) => (counts[severity] > 0 ? [severityCount(counts[severity], severity)] : []))
    .join(', ')
}

/** "5 high", "3 of unknown severity". */
export function severityCount(amount: number, severity: Severity): string {
  return severity === 'unknown' ? `${amount} of unknown severity` : `${amount} ${severity}`
}

export function maliciousText(amount: number): string {
  return amount === 1 ? '1 malicious package' : `${amount} malicious packages`
}

/** The line of a summary: "12 vulnerabilities: 1 critical, 4 high; 8 fixable, 1 known to be exploited". */
export function summaryLine(result: Summarised): string {
  return countsLine(summarise(result))
}

/** The same line, from numbers that are known already. */
export function countsLine(summary: ScanSummary): string {
  const { total, fixable, malicious, exploited, suppressed, secrets, severities: counts } = summary
  const doubts = doubtText(summary)
  const more = [
    ...(total > 0 ? [`${fixable} fixable`] : []),
    ...(malicious > 0 ? [maliciousText(malicious)] : []),
    ...(exploited > 0 ? [`${exploited} known to be exploited`] : []),
    ...(secrets > 0 ? [`${secrets} ${secrets === 1 ? 'secret' : 'secrets'}`] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
    ...(total > 0 && doubts !== undefined ? [doubts] : []),
  ].join(', ')
  const nothing = doubts === undefined ? 'no known vulnerabilities' : `nothing found, but ${doubts}`
  const noun = total === 1 ? 'vulnerability' : 'vulnerabilities'
  const head = total === 0 ? nothing : `${total} ${noun}: ${severityText(counts)}`
  return more === '' ? head : `${head}; ${more}`
}

/** Why finding nothing is not good news, as a phrase; undefined where it is. */
export function doubtText(summary: ScanSummary): string | undefined {
  if (summary.complete) return undefined
  const parts = doubtParts(summary)
  return parts.length === 0 ? doubt : `${doubt}: ${parts.join(', ')}`
}

/** What is said where finding nothing is not good news; details follow. */
export const doubt = 'not everything could be compared'

/** "23 of 32 packages not compared", "8 compared in part". */
export function doubtParts({ compared, inPart, notCompared }: ScanSummary): readonly string[] {
  const all = compared + notCompared
  return [
    ...(notCompared > 0 ? [`${notCompared} of ${packagesText(all)} not compared`] : []),
    ...(inPart > 0 ? [`${inPart}${notCompared > 0 ? '' : ` of ${packagesText(all)}`} compared in part`] : []),
  ]
}

function packagesText(amount: number): string {
  return amount === 1 ? '1 package' : `${amount} packages`
}
