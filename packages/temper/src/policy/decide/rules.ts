import type { Violation } from '../../model/rule.ts'
import type { ImageFacts } from '../facts/facts.ts'
import type { Policy, PolicyLevel } from '../file/policy.ts'
import type { Reason } from './decision.ts'
import { unjudged } from './unjudged.ts'

/** What breaks rules, at the level that the policy gives them. */
export function judgeRules(policy: Policy, facts: ImageFacts): Reason[] {
  const reasons: Reason[] = facts.violations.flatMap((violation) => {
    const level = levelOf(policy, violation)
    return level === 'off' ? [] : [{ ...violation, level }]
  })
  return [...reasons, ...missing(policy, facts)]
}

function levelOf(
  { rules, otherRules }: Policy,
  { rule, level }: Pick<Violation, 'rule' | 'level'>,
): PolicyLevel {
  const named = rules.get(rule)
  if (named !== undefined) return named.level ?? level
  return otherRules === 'own' ? level : otherRules
}

/** Rules that count and could not be judged; one reason where none was judged at all. */
function missing(policy: Policy, { judged, unjudgedRules, unjudged: reasons }: ImageFacts): Reason[] {
  const { rules, otherRules } = policy
  if (judged.size === 0 && reasons.rules !== undefined) {
    const asked = otherRules !== 'off' || [...rules.values()].some(({ level }) => level !== 'off')
    return asked ? [unjudged('rules', worst(rules, otherRules), reasons.rules)] : []
  }
  const known = new Set([...judged, ...unjudgedRules.map(({ rule }) => rule)])
  const unknown = [...rules].flatMap(([id, { level = 'error' }]) =>
    known.has(id) ? [] : [{ rule: id, level, ...(reasons.rules ?? unseen) }],
  )
  return [...unjudgedRules, ...unknown].flatMap((each) => {
    const level = each.level === 'off' ? 'off' : levelOf(policy, { rule: each.rule, level: each.level })
    return level === 'off' ? [] : [unjudged(each.rule, level, each)]
  })
}

const unseen = {
  why: 'nothing here checks this rule',
  remedy: 'leave the rule out of the policy, or judge an image whose files are available',
}

/** "own" may be an error. */
function worst(rules: Policy['rules'], otherRules: Policy['otherRules']): Reason['level'] {
  const all = [...rules.values()].map(({ level }) => level ?? 'error')
  const named = new Set([...all, otherRules === 'own' ? 'error' : otherRules])
  return (['error', 'warning'] as const).find((level) => named.has(level)) ?? 'note'
}
