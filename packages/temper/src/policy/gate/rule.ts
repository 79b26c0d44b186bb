import type { ScanResult } from '../../model/advisory/finding.ts'
import type { GateFacts } from '../../model/advisory/scan-report.ts'
import type { Rule } from '../../model/rule.ts'
import type { FindingCondition } from './conditions/finding.ts'
import type { TargetWord } from './conditions/target.ts'

/** One condition of a rule. */
export type GateCondition = FindingCondition | { readonly kind: 'secret' } | { readonly kind: TargetWord }

/** A rule as it was written: it is broken by what meets all of its conditions. */
export interface GateExpression {
  /** Without blanks. */
  readonly text: string
  readonly conditions: readonly GateCondition[]
  /** What is older than this many seconds. */
  readonly olderThan?: number
}

/** What the rules of a gate are held against. */
export interface GateSubject {
  readonly result: ScanResult
  /** The moment that ages are counted to. */
  readonly now: Date
}

export type GateRule = Rule<GateSubject, string, GateFacts>
