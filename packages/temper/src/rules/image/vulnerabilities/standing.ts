import type { Severity } from '../../../model/advisory/advisory.ts'
import type { Finding } from '../../../model/advisory/finding.ts'
import type { Fault } from '../../../model/rule.ts'

/** What has to be done about a finding first; each standing belongs to one rule. */
export type Standing =
  | 'malicious'
  | 'exploited'
  | 'overdue'
  | 'critical'
  | 'likely'
  | 'fixable'
  | 'unfixed'
  | 'minor'

const day = 86_400_000

/**
 * Days within which a fix has to be in the image: those of FedRAMP's revision 5 baselines for high, moderate and low
 * (parameter ra-05_odp.03), and a week for critical, as vendors of hardened images promise. Unrated findings count as
 * medium, as they do for levels.
 */
export const windows: Readonly<Partial<Record<Severity, number>>> = {
  critical: 7,
  high: 30,
  medium: 90,
  low: 180,
  unknown: 90,
}

/** The chance of being exploited within 30 days (EPSS) from which on a repair must not wait. */
const likely = 0.5

export function standingOf(finding: Finding, now: Date): Standing {
  const { malicious, exploited, fixedVersions, severity, prediction } = finding
  if (malicious === true) return 'malicious'
  if (exploited !== undefined) return 'exploited'
  const isFixable = fixedVersions.length > 0
  if (isFixable && overdueBy(finding, now) > 0) return 'overdue'
  if (isFixable && severity === 'critical') return 'critical'
  if ((prediction?.score ?? 0) >= likely) return 'likely'
  if (isFixable) return 'fixable'
  return severity === 'critical' || severity === 'high' ? 'unfixed' : 'minor'
}

/**
 * Days since a fix should have been in the image; 0 while there is time left, and where its release date is not
 * known.
 */
export function overdueBy({ severity, fixPublished, published }: Finding, now: Date): number {
  const window = windows[severity]
  const from = Date.parse(fixPublished ?? published ?? '')
  // Feeds that do not know a day write that of the epoch.
  if (window === undefined || Number.isNaN(from) || from <= 0) return 0
  return Math.max(0, Math.floor((now.getTime() - from) / day) - window)
}

/** The fault that reports a finding. */
export function findingFault({ id, component, severity, fixedVersions }: Finding, why: string): Fault {
  const { name, version, purl, locations } = component
  const path = locations[0]?.path
  const to = fixedVersions[0]
  return {
    place: { kind: 'package', name, version, purl, ...(path === undefined ? {} : { path: `/${path}` }) },
    subject: `${name} ${version}`,
    found: `${id} (${severity}): ${why}`,
    ...(to === undefined ? {} : { remedy: `build again with ${name} ${to} or later` }),
  }
}
