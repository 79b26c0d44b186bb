import { type Severity, severities } from '../../../model/advisory/advisory.ts'
import type { Finding } from '../../../model/advisory/finding.ts'

/** A condition on findings. */
export type FindingCondition =
  /** This severity or worse; "unknown" matches only "unknown". */
  | { readonly kind: 'severity'; readonly severity: Severity }
  | {
      readonly kind: 'number'
      readonly of: FindingMeasure
      readonly operator: '>' | '>='
      readonly value: number
    }
  | { readonly kind: FindingWord }

/** Why a finding meets a condition, as a phrase; undefined when it does not. */
type Reason = string | undefined

/** Conditions that are one word, and why a finding meets them. */
const words = {
  any: ({ severity }: Finding): Reason => `severity ${severity}`,
  kev: ({ exploited }: Finding): Reason =>
    exploited === undefined ? undefined : `known to be exploited since ${exploited.added}`,
  fixable: ({ fixedVersions }: Finding): Reason =>
    fixedVersions.length === 0 ? undefined : `fixed in ${fixedVersions.join(', ')}`,
  malicious: ({ malicious }: Finding): Reason => (malicious === true ? 'a malicious package' : undefined),
  urgent: ({ priority }: Finding): Reason =>
    priority.level === 'urgent' ? `urgent: ${priority.why}` : undefined,
} as const
export type FindingWord = keyof typeof words
export const findingWords = Object.keys(words) as readonly FindingWord[]

/** What can be compared with a number, with its name and its highest possible value. */
export const findingMeasures = {
  epss: { name: 'EPSS', most: 1, of: ({ prediction }: Finding) => prediction?.score },
  score: { name: 'CVSS score', most: 10, of: ({ score }: Finding) => score },
} as const
export type FindingMeasure = keyof typeof findingMeasures

/** Why a finding meets a condition, as a phrase; undefined when it does not. */
export function findingMeets(finding: Finding, condition: FindingCondition): Reason {
  if (condition.kind === 'severity')
    return isAsBad(finding.severity, condition.severity) ? `severity ${finding.severity}` : undefined
  if (condition.kind !== 'number') return words[condition.kind](finding)
  const { name, of } = findingMeasures[condition.of]
  const value = of(finding)
  if (value === undefined) return undefined
  const met = condition.operator === '>' ? value > condition.value : value >= condition.value
  return met ? `${name} ${value}` : undefined
}

/** Whether a severity is as bad as `limit` or worse; "unknown" is only as bad as itself. */
export function isAsBad(severity: Severity, limit: Severity): boolean {
  if (limit === 'unknown') return severity === limit
  return severities.indexOf(severity) <= severities.indexOf(limit)
}
