import type { ExploitPrediction, KnownExploited, Severity } from '../../model/advisory/advisory.ts'
import type { Priority } from '../../model/advisory/finding.ts'

/** The facts that decide a priority. */
export interface PriorityFacts {
  readonly severity: Severity
  /** CVSS base score. */
  readonly score?: number
  readonly exploited?: KnownExploited
  readonly prediction?: ExploitPrediction
  readonly isFixable: boolean
  readonly isMalicious?: boolean
}

/** Stands in for a score where there is only a word: the middle of what the word spans. */
const scores: Readonly<Record<Severity, number>> = {
  critical: 9.5,
  high: 8,
  medium: 5.5,
  low: 2,
  negligible: 0.5,
  unknown: 5,
}

/** Beyond this probability, exploitation is taken for likely. */
const likely = 0.1

/**
 * How soon to look at a finding, from 0 to 100: 5 points for each point of the base score, up to 25 for the
 * probability of exploitation (EPSS 0.5 and more give all), 10 when there is a fix, 40 and at least 80 in all when
 * exploitation is known. What the distribution considers negligible gets at most 10, unless it is known to be
 * exploited. 75 is urgent, 45 high, 20 medium.
 */
export function priorityOf(facts: PriorityFacts): Priority {
  const { severity, exploited, prediction } = facts
  if (facts.isMalicious === true)
    return { level: 'urgent', value: 100, why: 'a malicious package: whatever ran it may be compromised' }
  const base = severity === 'negligible' ? scores.negligible : (facts.score ?? scores[severity])
  let value = 5 * base + Math.min(25, 50 * (prediction?.score ?? 0)) + (facts.isFixable ? 10 : 0)
  if (exploited !== undefined) value = Math.max(80, value + 40)
  else if (severity === 'negligible') value = Math.min(10, value)
  const rounded = Math.min(100, Math.round(value))
  return { level: levelOf(rounded), value: rounded, why: whyOf(facts) }
}

function levelOf(value: number): Priority['level'] {
  if (value >= 75) return 'urgent'
  if (value >= 45) return 'high'
  return value >= 20 ? 'medium' : 'low'
}

function whyOf({ severity, score, exploited, prediction, isFixable }: PriorityFacts): string {
  const bad =
    severity === 'unknown' ? 'severity unknown' : score === undefined ? severity : `${severity} (${score})`
  return [
    ...(exploited === undefined ? [] : [`known to be exploited since ${exploited.added}`]),
    ...(prediction === undefined || prediction.score < likely
      ? []
      : [`likely to be exploited (EPSS ${percent(prediction)})`]),
    bad,
    isFixable ? 'fix available' : 'no fix yet',
  ].join(', ')
}

function percent({ score }: ExploitPrediction): string {
  return `${Math.round(score * 100)} %`
}
