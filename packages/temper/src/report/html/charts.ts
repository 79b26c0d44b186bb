import { type Severity, severities } from '../../model/advisory/advisory.ts'
import type { Finding } from '../../model/advisory/finding.ts'
import { html, Markup } from '../markup.ts'

/** Bars: how many findings of each severity there are, and how many of them an upgrade removes. */
export function severityChart(findings: readonly Finding[]): Markup {
  const rows = severities
    .map((severity) => {
      const same = findings.filter((finding) => finding.severity === severity)
      return { severity, total: same.length, fixable: same.filter(isFixable).length }
    })
    .filter(({ total }) => total > 0)
  const most = Math.max(1, ...rows.map(({ total }) => total))
  const height = rows.length * 34 + 4
  const bars = rows.map(({ severity, total, fixable }, index) => {
    const y = index * 34 + 4
    const [all, part] = [barWidth(total, most), barWidth(fixable, most)]
    return html`<g class="${severity}"><text x="0" y="${y + 17}">${severity}</text>
<rect class="rest" x="78" y="${y}" width="${all}" height="24" rx="3"/><rect class="bar" x="78" y="${y}" width="${part}" height="24" rx="3"/>
<text class="value" x="${84 + all}" y="${y + 17}">${total}</text></g>`
  })
  const told = rows.map(({ severity, total, fixable }) => `${total} ${severity}, ${fixable} of them fixable`)
  return html`<svg viewBox="0 0 400 ${height}" role="img" aria-label="${`Findings by severity: ${told.join('; ')}`}">${bars}</svg>
<p class="key">Solid: an upgrade removes it. Pale: no fixed version yet.</p>`
}

function isFixable({ fixedVersions }: Finding): boolean {
  return fixedVersions.length > 0
}

function barWidth(amount: number, most: number): number {
  return amount === 0 ? 0 : Math.max(4, Math.round((amount / most) * 270))
}

/** Dots: how bad (CVSS score) against how likely to be exploited (EPSS, logarithmic). */
export function riskChart(findings: readonly Finding[]): Markup | undefined {
  const dots = findings.flatMap((finding) => {
    const { score, prediction, severity, exploited, id } = finding
    if (score === undefined || prediction === undefined) return []
    return [
      { x: 40 + score * 33, y: likelihoodAt(prediction.score), severity, kev: exploited !== undefined, id },
    ]
  })
  if (dots.length === 0) return undefined
  // The most telling on top; thousands of dots tell no more than these.
  const drawn = dots.slice(0, 1000).toReversed()
  const lines = [1, 0.1, 0.01, 0.001].map((score) => {
    const y = likelihoodAt(score)
    return html`<line class="axis" x1="40" y1="${y}" x2="375" y2="${y}"/><text x="34" y="${y + 4}" text-anchor="end">${`${score * 100}%`}</text>`
  })
  const ticks = [0, 2, 4, 6, 8, 10].map(
    (score) => html`<text x="${40 + score * 33}" y="206" text-anchor="middle">${score}</text>`,
  )
  const label = `${dots.length} findings by CVSS score and EPSS; ${dots.filter(({ kev }) => kev).length} of them are known to be exploited. The table has the numbers.`
  return html`<svg viewBox="0 0 400 224" role="img" aria-label="${label}">${lines}${ticks}<text x="205" y="221" text-anchor="middle">CVSS score</text>
${drawn.map(dot)}</svg>
<p class="key">Upwards: more likely to be exploited within 30 days (EPSS). Outlined: known to be exploited.</p>`
}

function likelihoodAt(score: number): number {
  const exponent = Math.max(-3.3, Math.log10(Math.max(score, 1e-9)))
  return Math.round((14 - (exponent * 170) / 3.3) * 10) / 10
}

interface Dot {
  readonly x: number
  readonly y: number
  readonly severity: Severity
  readonly kev: boolean
  readonly id: string
}

function dot({ x, y, severity, kev, id }: Dot): Markup {
  const kind = `dot ${severity}${kev ? ' kev' : ''}`
  return html`<circle class="${kind}" cx="${Math.round(x * 10) / 10}" cy="${y}" r="${kev ? 6 : 4.5}"><title>${id}</title></circle>`
}

/** Bars: where the findings come from, by the kind of package and, where that is known, base image or application. */
export function originChart(groups: readonly (readonly [string, number])[]): Markup | undefined {
  if (groups.length < 2) return undefined
  const most = Math.max(1, ...groups.map(([, amount]) => amount))
  const bars = groups.map(([name, amount], index) => {
    const y = index * 34 + 4
    const width = Math.max(4, Math.round((amount / most) * 220))
    return html`<g class="unknown"><text x="0" y="${y + 17}">${name}</text><rect class="bar" x="128" y="${y}" width="${width}" height="24" rx="3"/><text class="value" x="${134 + width}" y="${y + 17}">${amount}</text></g>`
  })
  const label = `Findings by where they are from: ${groups.map(([name, amount]) => `${amount} ${name}`).join('; ')}`
  return html`<svg viewBox="0 0 400 ${groups.length * 34 + 4}" role="img" aria-label="${label}">${bars}</svg>`
}

/** A ring with a tick, for a target that nothing is known against. */
export const cleanMark = new Markup(
  '<svg viewBox="0 0 64 64" role="img" aria-label="clean"><circle class="ring" cx="32" cy="32" r="28"/><path class="ring" d="M20 33l8 8 16-18"/></svg>',
)
