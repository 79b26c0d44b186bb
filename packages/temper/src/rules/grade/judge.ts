import type { AssessedFinding, Unjudged } from '../../model/assess/assessment.ts'
import { namedSetting } from '../../model/assess/setting.ts'
import { levels, placePath, type Violation } from '../../model/rule.ts'
import { Origins } from '../image/history/origins.ts'
import { hasParts, type ImageRule, type RuleParameters } from '../image/rule.ts'
import { imageRules } from '../image/rules.ts'
import { type ImageSubject, optionalParts, parts } from '../image/subject.ts'

export interface Judgement {
  /** Worst first, then in the order of the rules, then as the rule found them. */
  readonly findings: readonly AssessedFinding[]
  readonly unjudged: readonly Unjudged[]
}

/** Most findings of one rule that are told one by one: the rest is told as their number. */
const mostOfRule = 1000

export interface JudgeOptions {
  readonly rules?: readonly ImageRule[]
  /** Parameters of rules, by the id of the rule and the name; default: the rule's own. */
  readonly parameters?: ReadonlyMap<string, RuleParameters>
}

/** Checks an image against every rule. */
export function judge(
  subject: ImageSubject,
  { rules = imageRules, parameters = new Map() }: JudgeOptions = {},
): Judgement {
  const findings: AssessedFinding[] = []
  const unjudged: Unjudged[] = []
  const origins = new Origins(subject)
  for (const rule of rules) {
    const { id, aspect, tier, needs } = rule
    const missing = needs.find((part) => !hasParts(subject, [part]))
    if (missing !== undefined) {
      const optional = optionalParts.has(missing) ? { optional: true as const } : {}
      unjudged.push({ rule: id, aspect, tier, why: parts[missing], ...optional })
      continue
    }
    const broken = rule.check(subject, parameters.get(id))
    findings.push(...bounded(broken).map((violation) => assessed(violation, rule, origins)))
  }
  const worst = ({ level }: AssessedFinding) => levels.indexOf(level)
  return { findings: findings.sort((a, b) => worst(a) - worst(b)), unjudged }
}

type Told = Violation & Pick<AssessedFinding, 'more'>

/**
 * The first of many, the worst of them among these, and one that stands for the rest: at no place, so that no exception for
 * places lets it pass.
 */
function bounded(violations: Iterable<Violation>): readonly Told[] {
  const told: Told[] = []
  const rest = new Map<Violation['level'], Violation>()
  let more = 0
  for (const violation of violations) {
    if (told.length < mostOfRule) told.push(violation)
    else {
      more++
      if (!rest.has(violation.level)) rest.set(violation.level, violation)
    }
  }
  const worst = levels.map((level) => rest.get(level)).find((each) => each !== undefined)
  if (worst === undefined) return told
  const { rule, level, remedy } = worst
  const found = `only the first ${mostOfRule} are listed one by one`
  return [...told, { rule, level, remedy, place: { kind: 'whole' }, subject: `${more} more`, found, more }]
}

function assessed(
  { rule, level, subject, place, found, remedy, more }: Told,
  { aspect, tier, setting }: ImageRule,
  origins: Origins,
): AssessedFinding {
  const path = placePath(place)
  const meant = setting !== undefined && place.kind === 'whole' ? namedSetting(setting, subject) : undefined
  return {
    rule,
    level,
    subject,
    place,
    ...(path === undefined ? {} : { path }),
    ...origins.of(place, meant),
    found,
    remedy,
    aspect,
    tier,
    ...(meant === undefined ? {} : { setting: meant }),
    ...(more === undefined ? {} : { more }),
  }
}
