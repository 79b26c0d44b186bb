import type { AssessedFinding, Unjudged } from '../../model/assess/assessment.ts'
import { levels, placePath, type Violation } from '../../model/rule.ts'
import { hasParts, type ImageRule } from '../image/rule.ts'
import { imageRules } from '../image/rules.ts'
import { type ImageSubject, parts } from '../image/subject.ts'

export interface Judgement {
  /** Worst first, then in the order of the rules, then as the rule found them. */
  readonly findings: readonly AssessedFinding[]
  readonly unjudged: readonly Unjudged[]
}

/** Most findings of one rule that are told one by one: the rest tells nothing new. */
const mostOfRule = 10_000

/** Holds an image against every rule. */
export function judge(subject: ImageSubject, rules: readonly ImageRule[] = imageRules): Judgement {
  const findings: AssessedFinding[] = []
  const unjudged: Unjudged[] = []
  for (const rule of rules) {
    const { id, aspect, tier, needs } = rule
    const missing = needs.find((part) => !hasParts(subject, [part]))
    if (missing !== undefined) {
      unjudged.push({ rule: id, aspect, tier, why: parts[missing] })
      continue
    }
    let left = mostOfRule
    for (const violation of rule.check(subject)) {
      if (left-- === 0) break
      findings.push(assessed(violation, rule))
    }
  }
  const worst = ({ level }: AssessedFinding) => levels.indexOf(level)
  return { findings: findings.sort((a, b) => worst(a) - worst(b)), unjudged }
}

function assessed(
  { rule, level, subject, place, found, remedy }: Violation,
  { aspect, tier }: ImageRule,
): AssessedFinding {
  const path = placePath(place)
  const layer = 'layer' in place ? place.layer : undefined
  return {
    ...{ rule, level, subject, place },
    ...(path === undefined ? {} : { path }),
    ...(layer === undefined ? {} : { layer }),
    ...{ found, remedy, aspect, tier },
  }
}
