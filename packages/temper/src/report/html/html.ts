import { createHash } from 'node:crypto'
import type { ScanReport } from '../../model/advisory/scan-report.ts'
import { advisoriesText } from '../advisories.ts'
import { html, Markup } from '../markup.ts'
import { doubtText, summarise } from '../summary.ts'
import { cleanMark, originChart, riskChart, severityChart } from './charts.ts'
import { comparisonCard, detailsCard, findingsCard, secretsCard, upgradesCard, verdictCard } from './parts.ts'
import { script } from './script.ts'
import { style } from './style.ts'

/**
 * One self-contained page that makes no request and can be read without scripts. What comes from outside is text in
 * it, and the content security policy lets nothing run but the page's own script, by its digest.
 */
export function scansHtml(reports: readonly ScanReport[]): string {
  const names = reports.map(({ result }) => result.target.name)
  const policy = [
    ...["default-src 'none'", `style-src ${hashOf(style)}`, `script-src ${hashOf(script)}`],
    ...["base-uri 'none'", "form-action 'none'"],
  ].join('; ')
  const generator = reports[0]?.result.generator
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${`Scan of ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header class="page"><h1>Vulnerability scan</h1></header>
<main>
${reports.length > 1 ? overview(reports) : undefined}
${reports.map(section)}
</main>
<footer>Made by ${generator?.name ?? ''} ${generator?.version ?? ''}.</footer>
<script>${new Markup(script)}</script>
</body>
</html>
`.text
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

function overview(reports: readonly ScanReport[]): Markup {
  const rows = reports.map((report, index) => {
    const { severities: counts, fixable, total } = summarise(report.result)
    return html`<tr><th scope="row"><a href="${`#target-${index + 1}`}">${report.result.target.name}</a></th>
<td data-label="Verdict">${badge(report)}</td><td data-label="Findings" class="number">${total}</td><td data-label="Critical" class="number">${counts.critical}</td>
<td data-label="High" class="number">${counts.high}</td><td data-label="Fixable" class="number">${fixable}</td></tr>
`
  })
  return html`<section class="card"><table class="wide"><caption>${reports.length} targets</caption><thead><tr><th scope="col">Target</th><th scope="col">Verdict</th>
<th scope="col" class="number">Findings</th><th scope="col" class="number">Critical</th><th scope="col" class="number">High</th><th scope="col" class="number">Fixable</th></tr></thead><tbody>
${rows}</tbody></table></section>`
}

/** A name that breaks behind a slash before it breaks in a word: browsers take all of "registry.example/team" for one. */
function breakable(name: string): Markup {
  const parts = name.split(/(?<=[/@])/)
  return html`${parts.map((part, index) => (index === 0 ? html`${part}` : html`<wbr>${part}`))}`
}

function section(report: ScanReport, index: number): Markup {
  const { result } = report
  const clean = result.findings.length === 0 && result.secrets.length === 0
  return html`<section class="target" id="${`target-${index + 1}`}">
<div class="head"><h2>${breakable(result.target.name)}</h2>${badge(report)}</div>
<ul class="facts">${factsOf(report).map((fact) => html`<li>${fact}</li>`)}</ul>
${clean ? cleanCard(report) : html`${tiles(report)}${charts(report)}`}
${verdictCard(report)}
${upgradesCard(report)}
${secretsCard(report)}
${comparisonCard(report)}
${findingsCard(report)}
${detailsCard(report)}
</section>
`
}

function badge({ verdict, result }: ScanReport): Markup {
  if (verdict?.passed === false) return html`<span class="badge bad">gate: refused</span>`
  if (verdict !== undefined) return html`<span class="badge good">gate: passed</span>`
  const { total, complete } = summarise(result)
  if (total === 0 && !complete) return html`<span class="badge plain">not fully compared</span>`
  if (total === 0) return html`<span class="badge good">nothing known</span>`
  return html`<span class="badge plain">${total} known</span>`
}

function factsOf({ result, hidden, times }: ScanReport): readonly string[] {
  const { target, packages } = result
  const { distribution, platform, digest } = target
  return [
    ...(distribution === undefined
      ? []
      : [distribution.title ?? `${distribution.id} ${distribution.version}`.trimEnd()]),
    ...(platform === undefined ? [] : [platform]),
    `${packages} packages from ${target.inventoryFrom}`,
    advisoriesText(result),
    `scanned ${times.finished.slice(0, 16).replace('T', ' ')} UTC`,
    ...(hidden === 0 ? [] : [`${hidden} findings are not shown, as requested`]),
    ...(digest === undefined ? [] : [digest]),
  ]
}

function cleanCard({ result }: ScanReport): Markup {
  const { packages, feeds } = result
  const doubt = doubtText(summarise(result))
  if (doubt !== undefined)
    return html`<div class="card clean"><p class="big">Nothing found, but ${doubt}</p><p class="soft">${feeds.length === 0 ? 'There were no advisories to compare with.' : 'The reasons are below.'}</p></div>`
  return html`<div class="card clean">${cleanMark}<p class="big">No known vulnerabilities</p><p class="soft">All ${packages} packages were compared with ${feeds.reduce((sum, feed) => sum + feed.count, 0)} records of ${feeds.length} ${feeds.length === 1 ? 'feed' : 'feeds'}.</p></div>`
}

function tiles({ result }: ScanReport): Markup {
  const { severities: counts, fixable, malicious, exploited, secrets, notCompared } = summarise(result)
  const all: readonly (readonly [string, string, number])[] = [
    ['critical', 'critical', counts.critical],
    ['high', 'high', counts.high],
    ['medium', 'medium', counts.medium],
    ['low', 'low', counts.low],
    ...(counts.negligible > 0 ? [['low', 'negligible', counts.negligible] as const] : []),
    ...(counts.unknown > 0 ? [['unknown', 'of unknown severity', counts.unknown] as const] : []),
    ...(malicious > 0 ? [['critical', 'malicious packages', malicious] as const] : []),
    ['critical', 'known to be exploited', exploited],
    ['low', 'fixable by an upgrade', fixable],
    ...(secrets > 0 ? [['critical', 'secrets', secrets] as const] : []),
    ...(notCompared > 0 ? [['unknown', 'packages not compared', notCompared] as const] : []),
  ]
  return html`<ul class="tiles">${all.map(([tone, label, amount]) => html`<li class="${tone}${amount === 0 ? ' zero' : ''}"><b>${amount}</b><span>${label}</span></li>`)}</ul>`
}

function charts(report: ScanReport): Markup {
  const { findings } = report.result
  if (findings.length === 0) return html``
  const risk = riskChart(findings)
  const origin = originChart(origins(report))
  return html`<div class="charts"><div class="card"><h3>By severity</h3>${severityChart(findings)}</div>
${risk === undefined ? undefined : html`<div class="card"><h3>By risk</h3>${risk}</div>`}
${origin === undefined ? undefined : html`<div class="card"><h3>By origin</h3>${origin}</div>`}</div>`
}

/** Amounts by kind of package and part of the image, most first. */
function origins({ result }: ScanReport): readonly (readonly [string, number])[] {
  const amounts = new Map<string, number>()
  for (const { component } of result.findings) {
    const layer = component.locations[0]?.layer
    const origin = layer === undefined ? undefined : result.layers[layer]?.origin
    const name = origin === undefined ? component.type : `${component.type}, ${origin}`
    amounts.set(name, (amounts.get(name) ?? 0) + 1)
  }
  return [...amounts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 8)
}
