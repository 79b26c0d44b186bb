import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import type { Place } from '../../model/rule.ts'
import { askExpressions, type ExpressionLimits } from '../expression/ask.ts'
import type { ExpressionAnswer } from '../expression/job.ts'
import type { ImageFacts } from '../facts/facts.ts'
import { inputOf } from '../facts/input.ts'
import type { PolicyInput } from '../facts/schema.ts'
import type { OwnRule } from '../file/policy.ts'
import type { Reason } from './decision.ts'

export interface OwnRuleOptions {
  readonly now: Date
  readonly limits?: ExpressionLimits
}

/**
 * What breaks the rules that a policy defines itself. An expression without an answer is a reason to refuse, not a
 * pass.
 */
export async function judgeOwnRules(
  all: readonly OwnRule[],
  facts: ImageFacts,
  { now, limits }: OwnRuleOptions,
): Promise<Reason[]> {
  const rules = all.filter(({ level }) => level !== 'off')
  if (rules.length === 0) return []
  const input = inputOf(facts, { now })
  const questions = rules.map(({ id, each, brokenWhen }) => ({ id, each, text: brokenWhen }))
  const answers = new Map((await askExpressions({ questions, input }, limits)).map((each) => [each.id, each]))
  refuseWrong(rules, answers)
  return rules.flatMap((rule) => {
    const answer = answers.get(rule.id)
    return answer === undefined ? [] : reasonsOf(rule, answer, { input, facts })
  })
}

/** Throws `bad-policy` for expressions that cannot be understood. */
export async function checkOwnRules(rules: readonly OwnRule[]): Promise<void> {
  const questions = rules.map(({ id, each, brokenWhen }) => ({ id, each, text: brokenWhen }))
  refuseWrong(rules, new Map((await askExpressions({ questions })).map((each) => [each.id, each])))
}

function refuseWrong(rules: readonly OwnRule[], answers: ReadonlyMap<string, ExpressionAnswer>): void {
  const lines = rules.flatMap(({ id, origin }) => {
    const wrong = answers.get(id)?.wrong?.replace(/^<input>:/, 'line ')
    const about = `${origin}: the expression of "${id}" cannot be understood`
    return wrong === undefined ? [] : [`${about}: ${printableLine(wrong)}`]
  })
  if (lines.length > 0)
    throw new TemperError('bad-policy', lines.join('\n'), {
      hint: 'docs/reference/policy-input.md describes the language and what it can read.',
    })
}

interface Judged {
  readonly input: PolicyInput
  readonly facts: ImageFacts
}

function reasonsOf(rule: OwnRule, { met, faults }: ExpressionAnswer, judged: Judged): Reason[] {
  if (rule.level === 'off') return []
  const common = { rule: rule.id, level: rule.level, remedy: rule.fix } as const
  const broken = met.map((index): Reason => {
    const item = itemOf(rule, index, judged)
    const { subject, place, finding } = item
    return {
      ...common,
      subject,
      place,
      found: `${subject}: not so: ${rule.title}`,
      ...(finding ? { finding } : {}),
    }
  })
  const [first] = faults
  if (first === undefined) return broken
  const about = first.index === undefined ? '' : ` of ${itemOf(rule, first.index, judged).subject}`
  const more =
    faults.length > 1 ? `, and of ${faults.length === 20 ? 'at least 19' : faults.length - 1} more` : ''
  return [
    ...broken,
    {
      ...common,
      subject: rule.origin,
      place: { kind: 'whole' },
      found: `not judged: ${rule.origin}: the expression gives no answer${about}${more}: ${first.message}`,
      remedy: 'fix the expression; use has(…) for members that may be absent',
      unjudged: true,
    },
  ]
}

/** What an index of the input stands for. */
function itemOf(
  { each }: OwnRule,
  index: number,
  { input, facts }: Judged,
): Pick<Reason, 'subject' | 'place' | 'finding'> {
  const whole: Place = { kind: 'whole' }
  if (each === 'findings') {
    const { id, aliases, package: name, version, purl, paths } = input.findings[index] ?? noFinding
    const [path] = paths
    return {
      subject: `${id} in ${name} ${version}`.trimEnd(),
      place: { kind: 'package', name, version, purl, ...(path === undefined ? {} : { path }) },
      finding: { ids: [id, ...aliases], packages: [name] },
    }
  }
  if (each === 'image') return { subject: facts.image.reference || 'the image', place: whole }
  const item = each === 'secrets' ? facts.scan?.secrets[index] : facts.violations[index]
  return { subject: item?.subject ?? 'the image', place: item?.place ?? whole }
}

const noFinding = { id: '', aliases: [], package: '', version: '', purl: '', paths: [] }
