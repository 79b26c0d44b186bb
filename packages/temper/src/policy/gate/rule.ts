import type { ScanResult } from '../../model/advisory/finding.ts'
import type { GateFacts } from '../../model/advisory/scan-report.ts'
import type { Rule } from '../../model/rule.ts'
import type { FindingCondition } from './conditions/finding.ts'
import type { TargetWord } from './conditions/target.ts'

/** One condition of a rule. */
export type GateCondition = FindingCondition | { readonly kind: 'secret' } | { readonly kind: TargetWord }

/** A rule as it was written; whatever meets all of its conditions breaks it. */
export interface GateExpression {
  /** The text of the rule without blanks. */
  readonly text: string
  readonly conditions: readonly GateCondition[]
  /** Only what is older than this many seconds. */
  readonly olderThan?: number
}

/** What the rules of a gate are checked against. */
export interface GateSubject {
  readonly result: ScanResult
  /** The moment as of which ages are counted. */
  readonly now: Date
}

export type GateRule = Rule<GateSubject, string, GateFacts>
