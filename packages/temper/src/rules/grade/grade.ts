import {
  type Aspect,
  type AspectGrade,
  type AssessedFinding,
  aspects,
  countFindings,
  type Graded,
  reaches,
  type Tier,
  type TierStep,
  tiers,
} from '../../model/assess/assessment.ts'
import { type Part, partRemedies, parts } from '../image/subject.ts'
import type { Judgement } from './judge.ts'

export interface Grade {
  readonly tier: Tier
  readonly aspects: readonly AspectGrade[]
  readonly next: readonly TierStep[]
}

/** Everything that keeps an image from a tier because of one rule. */
interface Obstacle extends Graded {
  readonly rule: string
  /** Empty when the rule could not be checked. */
  readonly findings: readonly AssessedFinding[]
  /** Why it could not be checked. */
  readonly why?: string
}

/**
 * The tier of an aspect is the highest tier with no rule that is broken or unchecked; the tier of an image is the
 * lowest of its aspects. Notes do not keep an image from a tier.
 */
export function grade(judgement: Judgement): Grade {
  const obstacles = obstaclesOf(judgement)
  const graded = aspects.map((id) => gradeAspect(id, obstacles, judgement))
  const tier = tiers[Math.min(...graded.map((aspect) => tiers.indexOf(aspect.tier)))] ?? 'regular'
  const goal = tierAbove(tier)
  const next = goal === undefined ? [] : obstacles.filter((each) => reaches(goal, each.tier))
  return { tier, aspects: graded, next: nextSteps(next) }
}

function obstaclesOf({ findings, unjudged }: Judgement): readonly Obstacle[] {
  const obstacles = new Map<string, Obstacle & { readonly findings: AssessedFinding[] }>()
  for (const finding of findings) {
    if (finding.level === 'note') continue
    const { rule, aspect, tier } = finding
    const known = obstacles.get(rule)
    if (known === undefined) obstacles.set(rule, { rule, aspect, tier, findings: [finding] })
    else known.findings.push(finding)
  }
  const missing = unjudged.filter(({ optional }) => optional !== true)
  return [...obstacles.values(), ...missing.map((each) => ({ ...each, findings: [] }))]
}

function gradeAspect(id: Aspect, obstacles: readonly Obstacle[], { unjudged }: Judgement): AspectGrade {
  const own = obstacles.filter(({ aspect }) => aspect === id)
  const tier = tiers.findLast((each) => own.every((obstacle) => !reaches(each, obstacle.tier))) ?? 'regular'
  const goal = tierAbove(tier)
  const inTheWay = goal === undefined ? [] : own.filter((each) => reaches(goal, each.tier))
  return {
    id,
    tier,
    reasons: [...new Set(inTheWay.map(reasonOf))],
    judged: !unjudged.some(({ aspect, optional }) => aspect === id && optional !== true),
  }
}

function tierAbove(tier: Tier): Tier | undefined {
  return tiers[tiers.indexOf(tier) + 1]
}

function reasonOf({ findings, why, rule }: Obstacle): string {
  const [first] = findings
  if (first === undefined) return `not checked: ${why ?? rule}`
  const said = first.place.kind === 'whole' && first.subject === 'the image' ? '' : `${first.subject}: `
  return `${said}${first.found}${more(findings)}`
}

/** One step for each rule that is broken; rules that could not be checked for the same reason are one step. */
function nextSteps(obstacles: readonly Obstacle[]): TierStep[] {
  const unchecked = new Map<string, Obstacle[]>()
  for (const obstacle of obstacles) {
    if (obstacle.findings.length > 0) continue
    const why = obstacle.why ?? obstacle.rule
    const known = unchecked.get(why)
    if (known === undefined) unchecked.set(why, [obstacle])
    else known.push(obstacle)
  }
  return [
    ...obstacles.flatMap((obstacle) => brokenStep(obstacle)),
    ...[...unchecked].flatMap(([why, same]) => uncheckedStep(why, same)),
  ]
}

function brokenStep({ rule, aspect, tier, findings }: Obstacle): TierStep[] {
  const [first] = findings
  if (first === undefined) return []
  const remedies = new Set(findings.map(({ remedy }) => remedy))
  const what = first.subject === 'the image' ? '' : `${first.subject}${more(findings)}: `
  const todo = `${what}${first.remedy}${remedies.size > 1 ? ' (others: see the findings)' : ''}`
  return [{ rule, rules: [rule], aspect, tier, todo, findings: countFindings(findings) }]
}

/** What to do so that rules can be checked, by the reason why they could not. */
const remedies: ReadonlyMap<string, string> = new Map(
  Object.entries(partRemedies).map(([part, remedy]) => [parts[part as Part], remedy]),
)

function uncheckedStep(why: string, same: readonly Obstacle[]): TierStep[] {
  const [first] = same
  if (first === undefined) return []
  const { rule, aspect, tier } = first
  const rules = same.map((each) => each.rule)
  const what = rules.length === 1 ? 'this rule' : `these ${rules.length} rules`
  const todo = `${remedies.get(why) ?? 'have it checked'}, so that ${what} can be checked (${rules.join(', ')}): ${why}`
  return [{ rule, rules, aspect, tier, todo, findings: 0 }]
}

function more(findings: readonly AssessedFinding[]): string {
  const count = countFindings(findings)
  return count === 1 ? '' : ` and ${count - 1} more`
}
