import type { Graded } from '../../model/assess/assessment.ts'
import type { Rule } from '../../model/rule.ts'

/** What a rule says about itself; reports need nothing else of it. */
export interface ImageRuleText
  extends Pick<Rule<never>, 'id' | 'title' | 'why' | 'fix' | 'level' | 'controls'>,
    Graded {
  /** Numbers that policies may set for the rule, by name. */
  readonly parameters?: Readonly<Record<string, { readonly about: string; readonly default: number }>>
}
