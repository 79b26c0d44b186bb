import { type AssessedFinding, countFindings, type Unjudged } from '../model/assess/assessment.ts'
import {
  type Applicability,
  applicabilities,
  type ControlDefinition,
  type ControlResult,
  type ControlStatus,
  controlStatuses,
  type Framework,
  type RuleEvidence,
} from '../model/assess/compliance.ts'

/** What rules said of an image. */
export interface JudgedRules {
  /** Every rule that there is, with its title. */
  readonly rules: ReadonlyMap<string, string>
  readonly findings: readonly Pick<AssessedFinding, 'rule' | 'level' | 'subject' | 'found' | 'more'>[]
  readonly unjudged: readonly Pick<Unjudged, 'rule' | 'why'>[]
  /** What is true of the image, of the conditions under which controls apply. */
  readonly applies: ReadonlySet<Applicability>
}

/** Findings of one rule that are named in an evidence; the rest is counted. */
const mostExamples = 5

/** Holds what rules said against every control of a framework, in its order. */
export function judgeControls({ controls }: Framework, judged: JudgedRules): readonly ControlResult[] {
  return controls.map((control) => judgeControl(control, judged))
}

function judgeControl(control: ControlDefinition, judged: JudgedRules): ControlResult {
  const { id, title, rest, applies, rules, strict = false } = control
  const named = { id, ...(title === undefined ? {} : { title }) }
  if (applies !== undefined && !judged.applies.has(applies))
    return { ...named, status: 'not-applicable', reason: applicabilities[applies], evidence: [] }
  const evidence = [...new Set(rules)].map((rule) => evidenceOf(rule, judged, strict ? 'note' : 'warning'))
  return {
    ...named,
    ...(control.faultsOnly === true ? onlyFaults(verdict(evidence)) : verdict(evidence)),
    evidence,
    ...(rest === undefined ? {} : { rest }),
  }
}

/** A broken rule decides; a rule that nobody could check keeps the control from being kept. */
function verdict(evidence: readonly RuleEvidence[]): Pick<ControlResult, 'status' | 'reason'> {
  const named = (outcome: RuleEvidence['outcome']) =>
    evidence.filter((each) => each.outcome === outcome).map(({ rule }) => rule)
  const [broken, unjudged, noted] = [named('broken'), named('unjudged'), named('noted')]
  if (broken.length > 0) return { status: 'fail', reason: `the image breaks ${rulesNamed(broken)}` }
  if (evidence.length === 0) return { status: 'manual', reason: 'no rule can tell' }
  if (unjudged.length > 0) return { status: 'manual', reason: `could not be checked: ${unjudged.join(', ')}` }
  if (noted.length > 0) return { status: 'manual', reason: `there are notes to weigh: ${noted.join(', ')}` }
  return { status: 'pass', reason: `the image keeps ${rulesNamed(named('kept'))}` }
}

function onlyFaults(outcome: ReturnType<typeof verdict>): ReturnType<typeof verdict> {
  return outcome.status === 'pass'
    ? { status: 'manual', reason: 'no fault was found, which proves nothing' }
    : outcome
}

function rulesNamed(rules: readonly string[]): string {
  return `${rules.length === 1 ? 'the rule' : 'the rules'} ${rules.join(', ')}`
}

/** `breaks`: the lowest level of a finding that breaks a rule here. */
function evidenceOf(
  rule: string,
  { rules, findings, unjudged }: JudgedRules,
  breaks: 'note' | 'warning',
): RuleEvidence {
  const title = rules.get(rule)
  const why = title === undefined ? 'there is no such rule' : unjudged.find((each) => each.rule === rule)?.why
  const all = findings.filter((finding) => finding.rule === rule)
  // A note is worth knowing, and breaks nothing by itself.
  const worse = all.filter(({ level }) => breaks === 'note' || level !== 'note')
  const own = worse.length > 0 ? worse : all
  const judged = why === undefined ? (all.length > 0 ? 'noted' : 'kept') : 'unjudged'
  return {
    rule,
    title: title ?? rule,
    outcome: worse.length > 0 ? 'broken' : judged,
    findings: countFindings(own),
    examples: own.slice(0, mostExamples).map(({ subject, found }) => `${subject}: ${found}`),
    ...(why === undefined ? {} : { why }),
  }
}

export function countStatuses(controls: readonly ControlResult[]): Readonly<Record<ControlStatus, number>> {
  const counts = Object.fromEntries(controlStatuses.map((status) => [status, 0])) as Record<
    ControlStatus,
    number
  >
  for (const { status } of controls) counts[status]++
  return counts
}
