import { printable, printableLine } from '../../base/printable.ts'
import type { Severity } from '../../model/advisory/advisory.ts'
import type { Finding, SecretFinding, Upgrade } from '../../model/advisory/finding.ts'
import { type GateViolation, upgradeOf } from '../../model/advisory/scan-report.ts'
import { markdownText } from '../markdown/text.ts'
import { homeOf, safeLink } from '../markup.ts'

/** reportingDescriptor (SARIF 2.1.0, section 3.49). */
export interface SarifRule {
  readonly id: string
  readonly name: string
  readonly shortDescription: { readonly text: string }
  readonly fullDescription: { readonly text: string }
  readonly help: { readonly text: string; readonly markdown: string }
  readonly helpUri?: string
  readonly properties: Readonly<Record<string, unknown>> & { readonly 'security-severity': string }
}

/** The id of the rule that a finding is a result of. */
export function ruleId({ id }: Finding): string {
  return clean(id)
}

export function findingRule(finding: Finding, upgrades: readonly Upgrade[]): SarifRule {
  const { component, exploited, prediction } = finding
  const upgrade = upgradeOf(finding, upgrades)
  const title = finding.title ?? `${finding.id} in ${component.name}`
  const facts: [string, string][] = [
    ['Package', `${component.name} ${component.version}`],
    ['Severity', `${finding.severity}, ${finding.severitySource}`],
    ['Priority', `${finding.priority.level}: ${finding.priority.why}`],
    ['Fixed in', finding.fixedVersions.join(', ') || 'no version yet'],
    ...(upgrade?.to === undefined
      ? []
      : [['Upgrade', `${upgrade.name} from ${upgrade.from} to ${upgrade.to}`] satisfies [string, string]]),
    ...(exploited === undefined
      ? []
      : [['Known to be exploited', `since ${exploited.added}`] satisfies [string, string]]),
    ...(prediction === undefined ? [] : [['EPSS', String(prediction.score)] satisfies [string, string]]),
    ['Also called', finding.aliases.join(', ') || 'nothing else'],
  ]
  const home = [homeOf(finding.id), ...finding.references.map(safeLink)].find((link) => link !== undefined)
  return {
    id: ruleId(finding),
    name: 'VulnerablePackage',
    shortDescription: { text: printableLine(title, { most: 250 }) },
    fullDescription: { text: printableLine(`${finding.id}: ${title}`, { most: 1000 }) },
    help: {
      text: clean(facts.map(([label, value]) => `${label}: ${value}`).join('\n')),
      markdown: facts.map(([label, value]) => `- **${label}**: ${markdownText(value)}`).join('\n'),
    },
    ...(home === undefined ? {} : { helpUri: home }),
    properties: {
      tags: ['security', 'vulnerability', finding.severity, component.type],
      precision: 'very-high',
      'security-severity': scoreText(finding.severity, finding.score),
    },
  }
}

export function secretRule({ rule, title, severity }: SecretFinding): SarifRule {
  const help = 'Whoever has the image can read this. Revoke the secret, then build the image without it.'
  return {
    id: `secret/${clean(rule)}`,
    name: 'SecretInImage',
    shortDescription: { text: printableLine(title, { most: 250 }) },
    fullDescription: { text: printableLine(`A secret is in the image: ${title}`, { most: 1000 }) },
    help: { text: help, markdown: help },
    properties: { tags: ['security', 'secret'], 'security-severity': scoreText(severity, undefined) },
  }
}

/** What rules of the gate say of a target as a whole. */
const wholes: Readonly<Partial<Record<GateViolation['kind'], readonly [name: string, title: string]>>> = {
  'end-of-life': ['EndOfLife', 'The release gets no security updates any more'],
  'stale-feeds': ['StaleFeeds', 'The advisories are old'],
}

/** Rules of the gate that are about the target as a whole. */
export function violationRule({ kind, found, remedy }: GateViolation): SarifRule {
  const [name, title] = wholes[kind] ?? ['Incomplete', 'Not everything could be compared']
  return {
    id: kind,
    name,
    shortDescription: { text: title },
    fullDescription: { text: clean(`${title}: ${found}`) },
    help: { text: clean(remedy), markdown: markdownText(remedy) },
    properties: { tags: ['security'], 'security-severity': '7.0' },
  }
}

const scores: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  negligible: '0.1',
  unknown: '5.0',
}

/** The least and most that GitHub takes for a severity (over 9, 7, 4, 0). */
const ranges: Readonly<Partial<Record<Severity, readonly [number, number]>>> = {
  critical: [9, 10],
  high: [7, 8.9],
  medium: [4, 6.9],
  low: [0.1, 3.9],
}

/** The score where it agrees with the severity, which may be the distribution's own word; else one that does. */
function scoreText(severity: Severity, score: number | undefined): string {
  const range = ranges[severity]
  if (score === undefined || range === undefined || score < range[0] || score > range[1])
    return scores[severity]
  return score.toFixed(1)
}

function clean(text: string): string {
  return printable(text).toWellFormed()
}
