import type { FeedState } from '../../model/advisory.ts'
import type { Finding, ScanResult, SecretFinding, Upgrade } from '../../model/finding.ts'
import { isComplete, isGap, upgradeOf, type Verdict, type Violation } from '../../model/scan-report.ts'
import { isAsBad } from './parse.ts'
import type { GateCondition, GateRule } from './rule.ts'

export interface GateOptions {
  /** The moment that ages are counted to. */
  readonly now: Date
}

/**
 * Holds a scan against rules. Suppressed findings do not count. A finding whose date nobody knows counts as old:
 * silence must not open the gate.
 */
export function evaluateGate(rules: readonly GateRule[], result: ScanResult, options: GateOptions): Verdict {
  const violations = [
    ...result.findings.flatMap((finding) =>
      ofFinding(rules, finding, { ...options, upgrades: result.upgrades }),
    ),
    ...result.secrets.flatMap((secret) => ofSecret(rules, secret)),
    ...ofSupport(rules, result),
    ...ofFeeds(rules, result.feeds),
    ...ofCoverage(rules, result),
  ]
  return { passed: violations.length === 0, rules: rules.map((rule) => rule.text), violations }
}

function ofFinding(
  rules: readonly GateRule[],
  finding: Finding,
  options: GateOptions & { readonly upgrades: readonly Upgrade[] },
): Violation[] {
  const broken: Violation[] = []
  for (const rule of rules) {
    const reasons = rule.conditions.map((condition) => conditionMet(condition, finding))
    if (rule.olderThan !== undefined) reasons.push(oldEnough(rule, finding, options.now))
    if (reasons.includes(undefined)) continue
    const upgrade = upgradeOf(finding, options.upgrades)
    broken.push({
      rule: rule.text,
      kind: 'finding',
      id: finding.id,
      subject: `${finding.component.name} ${finding.component.version}`,
      why: [...new Set(reasons)].join(', '),
      remedy: remedyOf(finding, upgrade),
      finding,
      ...(upgrade === undefined ? {} : { upgrade }),
    })
  }
  return broken
}

/** Why a condition is met, as a phrase; undefined when it is not. */
function conditionMet(condition: GateCondition, finding: Finding): string | undefined {
  switch (condition.kind) {
    case 'any':
      return `severity ${finding.severity}`
    case 'severity':
      return isAsBad(finding.severity, condition.severity) ? `severity ${finding.severity}` : undefined
    case 'kev':
      return finding.exploited === undefined
        ? undefined
        : `known to be exploited since ${finding.exploited.added}`
    case 'fixable':
      return finding.fixedVersions.length === 0 ? undefined : `fixed in ${finding.fixedVersions.join(', ')}`
    case 'urgent':
      return finding.priority.level === 'urgent' ? `urgent: ${finding.priority.why}` : undefined
    case 'number': {
      const value = condition.of === 'epss' ? finding.prediction?.score : finding.score
      if (value === undefined) return undefined
      const met = condition.operator === '>' ? value > condition.value : value >= condition.value
      return met ? `${condition.of === 'epss' ? 'EPSS' : 'CVSS score'} ${value}` : undefined
    }
    default:
      return undefined
  }
}

/** What can be fixed is as old as its repair: nobody could have done anything before. */
function oldEnough(rule: GateRule, finding: Finding, now: Date): string | undefined {
  const sinceFix = rule.conditions.some((condition) => condition.kind === 'fixable')
  const fixed = sinceFix ? finding.fixPublished : undefined
  const date = fixed ?? finding.published
  const time = date === undefined ? Number.NaN : Date.parse(date)
  if (Number.isNaN(time)) return 'of unknown age'
  const seconds = (now.getTime() - time) / 1000
  if (seconds <= (rule.olderThan ?? 0)) return undefined
  const days = Math.floor(seconds / 86_400)
  return `${fixed === undefined ? 'published' : 'fixed'} ${days === 1 ? '1 day' : `${days} days`} ago`
}

function remedyOf(finding: Finding, upgrade: Upgrade | undefined): string {
  if (upgrade?.to !== undefined) return `upgrade ${upgrade.name} from ${upgrade.from} to ${upgrade.to}`
  const [first] = finding.fixedVersions
  if (first !== undefined) return `upgrade ${finding.component.name} to ${first}`
  return 'no fixed version is known: remove the package, or state in VEX or an ignore rule why it does not matter'
}

function ofSecret(rules: readonly GateRule[], secret: SecretFinding): Violation[] {
  return rules
    .filter((rule) => breaksSecretRule(rule, secret))
    .map((rule) => ({
      rule: rule.text,
      kind: 'secret',
      id: secret.rule,
      subject: `${secret.location.path}:${secret.line}`,
      why: secret.deleted ? `${secret.title}, in a file that a later layer only hides` : secret.title,
      remedy: 'revoke the secret, and build the image without the file',
    }))
}

function breaksSecretRule(rule: GateRule, secret: SecretFinding): boolean {
  return (
    rule.conditions.some((condition) => condition.kind === 'secret') &&
    rule.conditions.every(
      (condition) => condition.kind !== 'severity' || isAsBad(secret.severity, condition.severity),
    )
  )
}

function ofSupport(rules: readonly GateRule[], { support }: ScanResult): Violation[] {
  if (support?.ended !== true) return []
  const { id, version, title } = support.distribution
  return rulesOf(rules, 'eol').map((rule) => ({
    rule: rule.text,
    kind: 'end-of-life',
    id,
    subject: title ?? `${id} ${version}`.trimEnd(),
    why: `support ended on ${support.endOfLife}`,
    remedy: 'move to a release that gets security updates',
  }))
}

function ofFeeds(rules: readonly GateRule[], feeds: readonly FeedState[]): Violation[] {
  const wanted = rulesOf(rules, 'stale-feeds')
  const remedy = 'fetch newer ones'
  if (feeds.length === 0)
    return wanted.map(({ text: rule }) => ({
      ...{ rule, kind: 'stale-feeds', id: 'feeds', subject: 'advisories', why: 'there are none', remedy },
    }))
  return feeds
    .filter((feed) => feed.stale === true)
    .flatMap((feed) =>
      wanted.map(({ text: rule }) => {
        const date = feed.date ?? feed.fetched
        const why = date === undefined ? 'of unknown age' : `of ${date}`
        return { rule, kind: 'stale-feeds' as const, id: feed.id, subject: `feed ${feed.id}`, why, remedy }
      }),
    )
}

/** What was not compared is not known to be good. */
function ofCoverage(rules: readonly GateRule[], { target, feeds, notes }: ScanResult): Violation[] {
  const wanted = rulesOf(rules, 'incomplete')
  if (isComplete({ feeds, notes })) return []
  const reasons = notes.filter(isGap).map(({ message }) => message)
  return wanted.map(({ text: rule }) => ({
    rule,
    kind: 'incomplete',
    id: 'incomplete',
    subject: target.name,
    why: reasons[0] ?? 'there are no advisories',
    remedy: 'get advisories for what is in it, or scan a bill of materials',
  }))
}

function rulesOf(rules: readonly GateRule[], kind: GateCondition['kind']): readonly GateRule[] {
  return rules.filter((rule) => rule.conditions.some((condition) => condition.kind === kind))
}
