import type { Finding, SecretFinding, SuppressedFinding } from '../model/advisory/finding.ts'
import type { GateViolation, ScanReport } from '../model/advisory/scan-report.ts'
import { isGap, upgradeOf, violationsOf } from '../model/advisory/scan-report.ts'
import { feedText } from './advisories.ts'
import { html, type Markup } from './markup.ts'
import { doubtText, summarise } from './summary.ts'

interface TestCase {
  readonly text: Markup
  readonly outcome: 'failed' | 'skipped' | 'passed'
}

/**
 * JUnit XML: one suite for each target, one case for each finding. With a gate, only what breaks a rule fails;
 * without one, every finding does. Suppressed findings are skipped cases when they are shown.
 */
export function scansJunit(reports: readonly ScanReport[]): string {
  return [...junitPieces(reports)].join('')
}

/** The same, case by case. */
export function* junitPieces(reports: readonly ScanReport[]): Generator<string, void, void> {
  const suites = reports.map((report) => ({ report, cases: casesOf(report) }))
  const all = suites.flatMap(({ cases }) => cases)
  yield `<?xml version="1.0" encoding="UTF-8"?>\n`
  yield html`<testsuites name="Temper scan" ${amounts(all)}>\n`.text
  for (const { report, cases } of suites) {
    yield html`  <testsuite name="${report.result.target.name}" ${amounts(cases)} timestamp="${report.times.started.replace(/Z$/, '')}">
    <properties>
${propertiesOf(report).map(([name, value]) => html`      <property name="${name}" value="${value}"/>\n`)}    </properties>
`.text
    for (const { text } of cases) yield text.text
    yield '  </testsuite>\n'
  }
  yield '</testsuites>\n'
}

function amounts(cases: readonly TestCase[]): Markup {
  const amount = (outcome: TestCase['outcome']) => cases.filter((each) => each.outcome === outcome).length
  return html`tests="${cases.length}" failures="${amount('failed')}" errors="0" skipped="${amount('skipped')}"`
}

function casesOf(report: ScanReport): readonly TestCase[] {
  const { result, verdict } = report
  const cases = [
    ...result.findings.map((finding) => findingCase(finding, report)),
    ...result.secrets.map((secret) => secretCase(secret, report)),
    ...(verdict?.violations ?? []).filter(isOfTarget).map((violation) => violationCase(violation)),
    ...(report.showSuppressed ? result.suppressed.map(suppressedCase) : []),
  ]
  return cases.length === 0 ? [cleanCase(report)] : cases
}

function propertiesOf({ result, times }: ScanReport): readonly (readonly [string, string])[] {
  const { complete, compared, notCompared } = summarise(result)
  return [
    ['scanned', times.finished],
    ['complete', String(complete)],
    ['compared', String(compared)],
    ['notCompared', String(notCompared)],
    ...result.feeds.map((feed) => ['feed', feedText(feed)] as const),
  ]
}

function findingCase(finding: Finding, report: ScanReport): TestCase {
  const { component } = finding
  const broken = violationsOf(finding, report.verdict)
  const upgrade = upgradeOf(finding, report.result.upgrades)
  const details = [
    finding.title ?? '',
    `severity: ${finding.severity} (${finding.severitySource})`,
    `priority: ${finding.priority.level} (${finding.priority.why})`,
    `found because: ${finding.reason}`,
    upgrade?.to === undefined
      ? 'no fixed version is known'
      : `upgrade: ${upgrade.name} ${upgrade.from} to ${upgrade.to}`,
    ...component.locations.slice(0, 3).map((location) => `in: ${location.path}`),
    ...(broken ?? []).map((violation) => `breaks ${violation.rule}: ${violation.found}`),
  ].filter((line) => line !== '')
  const failed = broken === undefined || broken.length > 0
  const message = `${finding.severity}: ${component.name} ${component.version}`
  const name = `${finding.id} in ${component.name} ${component.version}`
  const body = failed
    ? html`<failure type="${finding.severity}" message="${message}">${details.join('\n')}</failure>`
    : html`<system-out>${details.join('\n')}</system-out>`
  return { outcome: failed ? 'failed' : 'passed', text: testCase(component.type, name, body) }
}

function secretCase(secret: SecretFinding, report: ScanReport): TestCase {
  const place = `${secret.location.path}:${secret.line}`
  const broken = report.verdict?.violations.some((violation) => violation.secret === secret)
  const details = `${secret.title}\n${secret.excerpt}`
  const failed = broken !== false
  const body = failed
    ? html`<failure type="secret" message="${secret.title}">${details}</failure>`
    : html`<system-out>${details}</system-out>`
  return {
    outcome: failed ? 'failed' : 'passed',
    text: testCase('secret', `${secret.rule} in ${place}`, body),
  }
}

/** The end of a release's support, old feeds and gaps are about the target as a whole. */
function isOfTarget({ kind }: GateViolation): boolean {
  return kind !== 'finding' && kind !== 'secret'
}

function violationCase({ kind, subject, found, remedy }: GateViolation): TestCase {
  const body = html`<failure type="${kind}" message="${found}">${remedy}</failure>`
  return { outcome: 'failed', text: testCase(kind, subject, body) }
}

function suppressedCase(finding: SuppressedFinding): TestCase {
  const { component, suppressedBy, reason } = finding
  const body = html`<skipped message="${`${suppressedBy.source}: ${reason}`}"/>`
  const name = `${finding.id} in ${component.name} ${component.version}`
  return { outcome: 'skipped', text: testCase(component.type, name, body) }
}

function cleanCase({ result }: ScanReport): TestCase {
  const doubt = doubtText(summarise(result))
  if (doubt !== undefined) {
    const why = result.notes.filter(isGap).map(({ message }) => message)
    const body = html`<skipped message="${`nothing found, but ${doubt}`}">${why.join('\n')}</skipped>`
    return { outcome: 'skipped', text: testCase('scan', 'known vulnerabilities', body) }
  }
  return {
    outcome: 'passed',
    text: testCase('scan', `no known vulnerabilities in ${result.packages} packages`, html``),
  }
}

function testCase(group: string, name: string, body: Markup): Markup {
  return html`    <testcase classname="${group}" name="${name}">${body}</testcase>
`
}
