import type { Severity } from '../../model/advisory.ts'

/** One condition of a rule. */
export type GateCondition =
  /** This severity or worse; "unknown" means exactly that. */
  | { readonly kind: 'severity'; readonly severity: Severity }
  | {
      readonly kind: 'number'
      readonly of: 'epss' | 'score'
      readonly operator: '>' | '>='
      readonly value: number
    }
  | { readonly kind: 'any' | 'kev' | 'fixable' | 'urgent' | 'secret' | 'eol' | 'stale-feeds' | 'incomplete' }

/** A rule is broken by what meets all of its conditions. */
export interface GateRule {
  /** As it was written, without blanks. */
  readonly text: string
  readonly conditions: readonly GateCondition[]
  /** What is older than this many seconds. */
  readonly olderThan?: number
}
