import { type Severity, severities } from '../../model/advisory/advisory.ts'
import type { Finding } from '../../model/advisory/finding.ts'
import type { ComparedFinding, GateViolation, ScanReport } from '../../model/advisory/scan-report.ts'
import { upgradeOf } from '../../model/advisory/scan-report.ts'
import { dayOf } from '../date.ts'
import { homeOf, html, type Markup, safeLink } from '../markup.ts'
import { distinct, type UpgradeGroup, upgradePlan } from '../upgrade-groups.ts'

/** What breaks the gate, one entry for each finding. */
export function verdictCard({ verdict }: ScanReport): Markup | undefined {
  if (verdict === undefined) return undefined
  const rules = verdict.rules.join(', ')
  if (verdict.passed)
    return html`<section class="card"><h3>Gate</h3><p>Nothing breaks <code>${rules}</code>.</p></section>`
  const subjects = [...Map.groupBy(verdict.violations, ({ id, subject }) => `${id}\n${subject}`).values()]
  const [shown, rest] = [subjects.slice(0, mostViolations), subjects.slice(mostViolations)]
  const folded = html`<details><summary>and ${rest.length} more</summary><ul class="violations">
${bounded(rest, violationItem)}</ul>${leftOut(rest)}</details>`
  return html`<section class="card"><h3>Gate: refused by <code>${rules}</code></h3><ul class="violations">
${shown.map(violationItem)}</ul>${rest.length > 0 ? folded : undefined}</section>`
}

/** Further ones are folded. */
const mostViolations = 12

/** Rows of one table, or items of one list: with more of them no browser shows a page in sensible time. */
export const mostRows = 20_000

/** What is drawn of many, and how many are left out. */
function bounded<T>(
  all: readonly T[],
  draw: (item: T) => Markup | undefined,
): readonly (Markup | undefined)[] {
  return all.slice(0, mostRows).map(draw)
}

function leftOut(all: readonly unknown[]): Markup | undefined {
  if (all.length <= mostRows) return undefined
  return html`<p class="soft">These are the first ${mostRows} of ${all.length}; all of them are in the formats json, csv and sarif.</p>`
}

function violationItem(violations: readonly GateViolation[]): Markup | undefined {
  const [first] = violations
  if (first === undefined) return undefined
  const rules = violations.map(
    ({ rule, found }) => html`<li><code>${rule}</code> <span class="soft">${found}</span></li>`,
  )
  return html`<li><strong>${linked(first.id)}</strong> in <span class="mono">${first.subject}</span><ul class="chips">${rules}</ul><div>What to do: ${first.remedy}</div></li>
`
}

export function upgradesCard({ result }: ScanReport): Markup | undefined {
  const { fixable, waiting } = upgradePlan(result)
  if (fixable.length + waiting.length === 0) return undefined
  return html`${fixable.length === 0 ? undefined : upgradesTable(fixable)}${waiting.length === 0 ? undefined : waitingCard(waiting)}`
}

function upgradesTable(groups: readonly UpgradeGroup[]): Markup {
  const rows = bounded(
    groups,
    ({
      upgrade,
      findings,
    }) => html`<tr><th scope="row" class="mono">${upgrade.name}</th><td data-label="From" class="mono">${upgrade.from}</td>
<td data-label="To" class="mono">${upgrade.to}</td><td data-label="Removes">${chips(findings)}</td></tr>
`,
  )
  return html`<section class="card"><table class="wide"><caption>What to upgrade, most urgent first</caption><thead><tr><th scope="col">Package</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Removes</th></tr></thead>
<tbody>${rows}</tbody></table>${leftOut(groups)}</section>`
}

function waitingCard(groups: readonly UpgradeGroup[]): Markup {
  const rows = bounded(
    groups,
    ({
      upgrade,
      findings,
    }) => html`<tr><th scope="row" class="mono">${upgrade.name}</th><td data-label="Version" class="mono">${upgrade.from}</td><td data-label="Findings">${chips(findings)}</td></tr>
`,
  )
  const amount = groups.reduce((sum, { findings }) => sum + distinct(findings).length, 0)
  return html`<section class="card"><details><summary>No fix yet: ${amount} in ${groups.length} ${groups.length === 1 ? 'package' : 'packages'}</summary>
<table class="wide"><thead><tr><th scope="col">Package</th><th scope="col">Version</th><th scope="col">Findings</th></tr></thead><tbody>${rows}</tbody></table>${leftOut(groups)}</details></section>`
}

/** More of them say nothing that the table of findings does not. */
const mostChips = 30

function chips(findings: readonly Finding[]): Markup {
  const all = distinct(findings)
  const rest = all.length - mostChips
  return html`<ul class="chips">${all
    .slice(0, mostChips)
    .map(
      ({ id, severity, exploited }) =>
        html`<li>${linked(id)} ${severityMark(severity)}${exploited === undefined ? undefined : kevMark}</li>`,
    )}${rest > 0 ? html`<li class="soft">and ${rest} more, in the table of all findings</li>` : undefined}</ul>`
}

export function secretsCard({ result: { secrets } }: ScanReport): Markup | undefined {
  if (secrets.length === 0) return undefined
  const rows = bounded(
    secrets,
    ({
      title,
      severity,
      location,
      line,
      excerpt,
      deleted,
    }) => html`<tr><th scope="row">${title}</th><td data-label="Severity">${severityMark(severity)}</td>
<td data-label="In" class="mono">${`${location.path}:${line}`}${deleted ? html` <span class="soft">(deleted later, still in the image)</span>` : undefined}</td><td data-label="Text" class="mono">${excerpt}</td></tr>
`,
  )
  return html`<section class="card"><table class="wide"><caption>Secrets</caption><thead><tr><th scope="col">Secret</th><th scope="col">Severity</th><th scope="col">In</th><th scope="col">Text</th></tr></thead><tbody>${rows}</tbody></table>${leftOut(secrets)}</section>`
}

export function comparisonCard({ comparison }: ScanReport): Markup | undefined {
  if (comparison === undefined) return undefined
  const { appeared, disappeared, stayed } = comparison
  return html`<section class="card"><h3>Compared with ${comparison.with}</h3><p>${appeared.length} new, ${disappeared.length} gone, ${stayed.length} as before.</p>
${comparedList('New', appeared)}${comparedList('Gone', disappeared)}</section>`
}

function comparedList(title: string, findings: readonly ComparedFinding[]): Markup | undefined {
  if (findings.length === 0) return undefined
  const items = bounded(
    findings,
    ({
      id,
      severity,
      package: { name, version },
    }) => html`<li>${linked(id)} ${severityMark(severity)} in <span class="mono">${name} ${version}</span></li>
`,
  )
  return html`<details${title === 'New' ? html` open` : undefined}><summary>${title}: ${findings.length}</summary><ul>${items}</ul>${leftOut(findings)}</details>`
}

/** The table of all findings; its data attributes hold what the script filters by. */
export function findingsCard(report: ScanReport): Markup | undefined {
  const { findings } = report.result
  if (findings.length === 0) return undefined
  const columns = ['Id', 'Severity', 'Package', 'Version', 'Fixed in', 'CVSS', 'EPSS', 'Priority', 'Why']
  const heads = columns.map((name) => html`<th scope="col"><button type="button">${name}</button></th>`)
  const choices = severities.map(
    (severity, rank) =>
      html`<option value="${rank}"${rank === severities.length - 1 ? html` selected` : undefined}>${rank === severities.length - 1 ? 'all' : severity}</option>`,
  )
  return html`<section class="card" data-findings>
<div class="filters"><input type="search" placeholder="Search" aria-label="Search findings"><label>At least <select>${choices}</select></label>
<label><input type="checkbox" name="fixable"> fixable</label><label><input type="checkbox" name="kev"> known to be exploited</label><span class="soft" data-shown role="status"></span></div>
<table class="wide"><caption>All findings</caption><thead><tr>${heads}</tr></thead><tbody>
${bounded(findings, (finding) => findingRow(finding, report))}</tbody></table>${leftOut(findings)}</section>`
}

function findingRow(finding: Finding, { result }: ScanReport): Markup {
  const { component, exploited, prediction, score, severity, priority } = finding
  const upgrade = upgradeOf(finding, result.upgrades)
  const path = component.locations[0]?.path
  const links = finding.references.flatMap((link) => safeLink(link) ?? []).slice(0, 3)
  const fixable = finding.fixedVersions.length > 0
  return html`<tr data-rank="${severities.indexOf(severity)}" data-fixable="${fixable ? 'yes' : 'no'}" data-kev="${exploited === undefined ? 'no' : 'yes'}">
<th scope="row">${linked(finding.id)}${exploited === undefined ? undefined : kevMark}</th>
<td data-label="Severity" data-value="${severities.indexOf(severity)}">${severityMark(severity)}</td>
<td data-label="Package"><span class="mono">${component.name}</span>${path === undefined ? undefined : html`<div class="soft mono">${path}</div>`}</td>
<td data-label="Version" class="mono">${component.version}</td><td data-label="Fixed in" class="mono">${upgrade?.to ?? finding.fixedVersions.join(', ')}</td>
<td data-label="CVSS" data-value="${score ?? ''}">${score}</td><td data-label="EPSS" data-value="${prediction?.score ?? ''}">${prediction === undefined ? undefined : percent(prediction.score)}</td>
<td data-label="Priority" data-value="${100 - priority.value}">${priority.level}</td>
<td data-label="Why">${finding.title === undefined ? undefined : html`<div>${finding.title}</div>`}<div class="soft">${finding.reason}${finding.published === undefined ? undefined : `; published ${dayOf(finding.published)}`}</div>${links.map((link) => html`<a href="${link}" rel="noreferrer noopener">${new URL(link).hostname}</a> `)}</td></tr>
`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.01 ? 2 : 1)}%`
}

/** The details that few readers need: suppressed findings, notes, feeds. */
export function detailsCard({ result, showSuppressed }: ScanReport): Markup {
  const { suppressed, notes, feeds, support } = result
  const told = [
    ...(support === undefined
      ? []
      : [`Support of this release ${support.ended ? 'ended' : 'ends'} on ${support.endOfLife}.`]),
    ...notes.map(({ message }) => message),
  ]
  return html`<section class="card">
${told.length === 0 ? undefined : html`<details open><summary>Worth knowing</summary><ul>${bounded(told, (text) => html`<li>${text}</li>`)}</ul>${leftOut(told)}</details>`}
${suppressed.length === 0 ? undefined : html`<details><summary>Suppressed: ${suppressed.length}</summary>${showSuppressed ? suppressedTable(suppressed) : html`<p class="soft">This report does not list them.</p>`}</details>`}
<details><summary>Feeds: ${feeds.length}</summary><table class="wide"><thead><tr><th scope="col">Feed</th><th scope="col">Date</th><th scope="col">Records</th><th scope="col">Digest</th></tr></thead><tbody>
${feeds.map(
  (
    feed,
  ) => html`<tr><th scope="row">${feed.id}${feed.stale === true ? html` <span class="kevmark">stale</span>` : undefined}</th><td data-label="Date">${dayOf(feed.date ?? feed.fetched ?? 'unknown')}</td><td data-label="Records">${feed.count}</td><td data-label="Digest" class="mono">${feed.digest}</td></tr>
`,
)}</tbody></table></details></section>`
}

function suppressedTable(suppressed: ScanReport['result']['suppressed']): Markup {
  const rows = bounded(
    suppressed,
    ({
      id,
      component,
      reason,
      suppressedBy,
      severity,
    }) => html`<tr><th scope="row">${linked(id)}</th><td data-label="Severity">${severityMark(severity)}</td><td data-label="Package" class="mono">${component.name} ${component.version}</td>
<td data-label="Why">${reason}</td><td data-label="Says">${suppressedBy.source}${suppressedBy.expires === undefined ? undefined : `, until ${dayOf(suppressedBy.expires)}`}</td></tr>
`,
  )
  return html`<table class="wide"><thead><tr><th scope="col">Id</th><th scope="col">Severity</th><th scope="col">Package</th><th scope="col">Why</th><th scope="col">Says</th></tr></thead><tbody>${rows}</tbody></table>${leftOut(suppressed)}`
}

const kevMark = html` <span class="kevmark" title="known to be exploited">KEV</span>`

function severityMark(severity: Severity): Markup {
  return html`<span class="sev ${severity}">${severity}</span>`
}

function linked(id: string): Markup {
  const home = homeOf(id)
  return home === undefined
    ? html`<span class="mono">${id}</span>`
    : html`<a class="mono" href="${home}" rel="noreferrer noopener">${id}</a>`
}
