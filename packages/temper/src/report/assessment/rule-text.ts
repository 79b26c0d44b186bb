import type { Graded } from '../../model/assess/assessment.ts'
import type { Rule } from '../../model/rule.ts'

/** What a rule says of itself: reports need no more of it. */
export interface ImageRuleText
  extends Pick<Rule<never>, 'id' | 'title' | 'why' | 'fix' | 'level' | 'controls'>,
    Graded {}
