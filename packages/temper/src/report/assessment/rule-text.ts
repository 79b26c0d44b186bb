import type { Graded } from '../../model/assess/assessment.ts'
import type { Rule } from '../../model/rule.ts'

/** What a rule says of itself: reports need no more of it. */
export interface ImageRuleText
  extends Pick<Rule<never>, 'id' | 'title' | 'why' | 'fix' | 'level' | 'controls'>,
    Graded {
  /** Numbers that policies may give it, by name. */
  readonly parameters?: Readonly<Record<string, { readonly about: string; readonly default: number }>>
}
