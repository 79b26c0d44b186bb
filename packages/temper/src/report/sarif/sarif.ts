import { MadeList, madeInTurn, withListsMade } from '../../base/json/made-list.ts'
import { wellFormed } from '../../base/json/well-formed.ts'
import { printable } from '../../base/printable.ts'
import type { Finding, SecretFinding, SuppressedFinding } from '../../model/advisory/finding.ts'
import { type GateViolation, type ScanReport, violationsOf } from '../../model/advisory/scan-report.ts'
import type { InventoryNote, Location } from '../../model/inventory.ts'
import { severityLevels } from '../../model/rule.ts'
import { findingFingerprint } from '../finding-identity.ts'
import { sentence } from '../sentence.ts'
import { summarise } from '../summary.ts'
import { findingRule, ruleId, type SarifRule, secretRule, violationRule } from './rule.ts'

type Json = Readonly<Record<string, unknown>>

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/** SARIF 2.1.0 (OASIS): one run for each target, one rule for each vulnerability, one result for each finding. */
export function scansSarif(reports: readonly ScanReport[]): Json {
  return withListsMade(sarifDocument(reports)) as Json
}

/** The same, with rules and results that are made while they are written. */
export function sarifDocument(reports: readonly ScanReport[]): Json {
  return wellFormed({ $schema: schema, version: '2.1.0', runs: reports.map(run) })
}

function run(report: ScanReport): Json {
  const { result, verdict } = report
  const rules = new RuleList()
  // All rules stand before the results, so they are numbered first.
  for (const finding of result.findings) rules.add(() => findingRule(finding, result.upgrades))
  const others = [
    ...result.secrets.map((secret) => secretResult(secret, { report, rules })),
    ...(verdict?.violations ?? [])
      .filter(({ kind }) => kind !== 'finding' && kind !== 'secret')
      .map((violation) => violationResult(violation, { report, rules })),
  ]
  const suppressed = report.showSuppressed ? result.suppressed : []
  for (const finding of suppressed) rules.add(() => findingRule(finding, result.upgrades))
  const results = madeInTurn([
    new MadeList(result.findings, (finding) => findingResult(finding, { report, rules })),
    others,
    new MadeList(suppressed, (finding) => ({
      ...findingResult(finding, { report, rules }),
      suppressions: [suppression(finding)],
    })),
  ])
  return {
    tool: {
      driver: {
        name: result.generator.name,
        semanticVersion: result.generator.version,
        rules: rules.all,
      },
    },
    automationDetails: { id: `temper/scan/${clean(result.target.name)}/` },
    invocations: [
      {
        executionSuccessful: true,
        startTimeUtc: report.times.started,
        endTimeUtc: report.times.finished,
        toolExecutionNotifications: result.notes.map(notification),
      },
    ],
    originalUriBaseIds: { ROOT: { uri: 'file:///', description: { text: 'The root of what was scanned.' } } },
    results,
    columnKind: 'utf16CodeUnits',
    properties: {
      target: result.target,
      packages: result.packages,
      summary: summarise(result),
      asOf: result.asOf ?? null,
      feeds: result.feeds,
      ...(verdict === undefined ? {} : { verdict: { passed: verdict.passed, rules: verdict.rules } }),
    },
  }
}

interface ListedRule {
  readonly index: number
  score: number
  /** Of a hundred thousand rules the texts would fill the memory. */
  make: () => SarifRule
}

/** Rules in the order of their first result; the worst score of a rule's results counts, since it stands for all. */
class RuleList {
  readonly #rules = new Map<string, ListedRule>()

  get all(): MadeList<ListedRule> {
    return new MadeList([...this.#rules.values()], ({ make }) => make())
  }

  /** Gives the number of the rule. */
  add(make: () => SarifRule): number {
    const rule = make()
    const score = Number(rule.properties['security-severity'])
    const known = this.#rules.get(rule.id)
    if (known === undefined) {
      const index = this.#rules.size
      this.#rules.set(rule.id, { index, score, make })
      return index
    }
    if (score > known.score) Object.assign(known, { score, make })
    return known.index
  }

  /** The number of a rule that was added. */
  indexOf(id: string): number {
    return this.#rules.get(id)?.index ?? -1
  }
}

interface RunState {
  readonly report: ScanReport
  readonly rules: RuleList
}

function findingResult(finding: Finding, { report, rules }: RunState): Json {
  const { component } = finding
  const broken = violationsOf(finding, report.verdict) ?? []
  const id = ruleId(finding)
  const message = [
    `${component.name} ${component.version}: ${finding.id} (${finding.severity}).`,
    sentence(finding.title ?? ''),
    `${finding.reason}.`,
    ...broken.map(({ rule: broke, found, remedy }) => `Breaks the rule ${broke} (${found}): ${remedy}.`),
  ]
  const fingerprint = findingFingerprint(finding)
  return {
    ruleId: id,
    ruleIndex: rules.indexOf(id),
    level: severityLevels[finding.severity],
    message: { text: messageText(message.filter((part) => part !== '').join(' ')) },
    locations: component.locations.slice(0, 10).map((location) => ({
      ...locationOf(location, report),
      logicalLocations: [
        { name: clean(component.name), fullyQualifiedName: clean(component.purl), kind: 'package' },
      ],
    })),
    // GitHub follows a result by the first of the two; the other says what it is.
    partialFingerprints: {
      primaryLocationLineHash: `${fingerprint.slice(0, 16)}:1`,
      'temperFinding/v1': fingerprint,
    },
    rank: finding.priority.value,
    properties: {
      package: {
        type: component.type,
        name: component.name,
        version: component.version,
        purl: component.purl,
      },
      fixedVersions: finding.fixedVersions,
      priority: finding.priority,
      kev: finding.exploited !== undefined,
      ...(finding.prediction === undefined ? {} : { epss: finding.prediction.score }),
      feeds: finding.feeds,
      ...(broken.length === 0 ? {} : { breaks: broken.map((violation) => violation.rule) }),
    },
  }
}

function secretResult(secret: SecretFinding, { report, rules }: RunState): Json {
  const rule = secretRule(secret)
  const hidden = secret.deleted ? ' A later layer deletes the file, but it is still in the image.' : ''
  return {
    ruleId: rule.id,
    ruleIndex: rules.add(() => rule),
    level: secret.level,
    message: { text: messageText(`${secret.title}: ${secret.excerpt}.${hidden}`) },
    locations: [locationOf(secret.location, report, secret.line)],
    partialFingerprints: { 'temperSecret/v1': `${secret.rule}:${secret.location.path}:${secret.line}` },
  }
}

function violationResult(violation: GateViolation, { report, rules }: RunState): Json {
  const rule = violationRule(violation)
  return {
    ruleId: rule.id,
    ruleIndex: rules.add(() => rule),
    level: violation.level,
    message: { text: messageText(`${violation.subject}: ${violation.found}; ${violation.remedy}.`) },
    locations: [locationOf({ path: 'etc/os-release' }, report)],
  }
}

function suppression({ suppressedBy, reason }: SuppressedFinding): Json {
  return {
    kind: 'external',
    status: 'accepted',
    justification: `${suppressedBy.source}: ${reason}`,
  }
}

/** Line 1 where there are no lines: code hosts refuse results without one. */
function locationOf({ path, layer }: Location, { result }: ScanReport, line = 1): Json {
  const digest = layer === undefined ? undefined : result.layers[layer]?.digest
  return {
    physicalLocation: {
      artifactLocation: { uri: pathUri(path), uriBaseId: 'ROOT' },
      region: { startLine: line },
    },
    ...(digest === undefined
      ? {}
      : { message: { text: `in layer ${digest}` }, properties: { layer: digest } }),
  }
}

function pathUri(path: string): string {
  const uri = path.toWellFormed().split('/').map(encodeURIComponent).join('/')
  return uri === '' ? '.' : uri
}

function notification({ code, message }: InventoryNote): Json {
  return { descriptor: { id: code }, level: 'warning', message: { text: messageText(message) } }
}

/** Brackets make links in messages (SARIF 2.1.0, section 3.11.6) and are escaped. */
function messageText(text: string): string {
  return clean(text).replaceAll(/[[\]\\]/g, (char) => `\\${char}`)
}

function clean(text: string): string {
  return printable(text).toWellFormed()
}
