import type { Finding, ScanResult } from '../../model/advisory/finding.ts'
import type { GateViolation } from '../../model/advisory/scan-report.ts'
import { type Level, levels } from '../../model/rule.ts'
import type { ImageFacts } from '../facts/facts.ts'
import type { Policy } from '../file/policy.ts'
import { kindIds } from '../file/words.ts'
import { meeting } from '../gate/compile.ts'
import type { Reason } from './decision.ts'
import { unjudged } from './unjudged.ts'

/** The findings that meet the conditions of the gate, each once, at the most severe level that it meets. */
export function judgeVulnerabilities(policy: Policy, facts: ImageFacts, now: Date): Reason[] {
  const { vulnerabilities } = policy
  const { scan } = facts
  if (scan === undefined) return [...unscanned(policy, facts)]
  const reasons = new Map<unknown, Reason>()
  for (const level of levels)
    for (const violation of meeting(vulnerabilities[level] ?? [], { result: scan, now }))
      add(violation, level, reasons)
  return byFinding(reasons, scan)
}

/** Where nothing was compared, no condition can be met, and none can be known not to be. */
function* unscanned({ vulnerabilities }: Policy, { unjudged: reasons }: ImageFacts): Generator<Reason> {
  for (const level of levels)
    if ((vulnerabilities[level] ?? []).length > 0) {
      yield unjudged(kindIds.finding, level, reasons.scan)
      return
    }
}

function add(violation: GateViolation, level: Level, reasons: Map<unknown, Reason>): void {
  const { finding, secret, kind, id } = violation
  const key = finding ?? secret ?? `${kind}\n${id}\n${violation.found}`
  const earlier = reasons.get(key)
  if (earlier === undefined) {
    reasons.set(key, reasonOf(violation, level))
    return
  }
  if (earlier.level !== level) return
  const said = earlier.found.split(', ')
  const more = violation.found.split(', ').filter((part) => !said.includes(part))
  if (more.length > 0) reasons.set(key, { ...earlier, found: [...said, ...more].join(', ') })
}

function reasonOf({ finding, kind, place, subject, found, remedy, id }: GateViolation, level: Level): Reason {
  const common = { rule: kindIds[kind], level, place, remedy }
  if (finding === undefined)
    return { ...common, subject: kind === 'incomplete' ? 'the image' : subject, found }
  return {
    ...common,
    subject,
    found: `${id}${subject === '' ? '' : ` in ${subject}`}: ${found}`,
    finding: { ids: [finding.id, ...finding.aliases], packages: packagesOf(finding) },
  }
}

function packagesOf({ component: { name, source } }: Finding): readonly string[] {
  return source === undefined || source.name === name ? [name] : [name, source.name]
}

/** Findings in their order, most urgent first; then secrets; what is about the whole comes last. */
function byFinding(reasons: ReadonlyMap<unknown, Reason>, { findings, secrets }: ScanResult): Reason[] {
  const order = new Map<unknown, number>([...findings, ...secrets].map((each, index) => [each, index]))
  return [...reasons]
    .sort(([a], [b]) => (order.get(a) ?? order.size) - (order.get(b) ?? order.size))
    .map(([, reason]) => reason)
}
