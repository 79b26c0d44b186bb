import { temperVersion } from '../../base/version.ts'
import {
  type AssessedFinding,
  type Assessment,
  aspectTitles,
  type Tier,
  tiers,
} from '../../model/assess/assessment.ts'
import { sourceLineText } from '../../model/assess/source-line.ts'
import { style } from '../html/style.ts'
import { html, Markup } from '../markup.ts'
import { besideChart, layerChart, tierChart } from './charts.ts'
import { fipsSentences } from './fips.ts'
import { groupFindings } from './groups.ts'
import { bytesText, measureRows } from './measures.ts'
import { assessmentStyle } from './style.ts'

/** Findings of one rule that are written out; the machine-readable formats have all. */
const mostOfRule = 100

/** A self-contained page: no script, no picture, no font from elsewhere. */
export function assessmentHtml(assessment: Assessment): string {
  const { target, tier, against } = assessment
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${`${target.name} is ${tier}`}</title><style>${sheet}</style></head>
<body><header class="page"><h1>How far it is hardened</h1></header>
<main><section class="target">
<div class="head"><h2>${target.name}</h2><span class="badge ${badge[tier]}">${tier}</span></div>
${factList(assessment)}
${nextCard(assessment)}
<div class="charts"><div class="card"><h3>Tier by aspect</h3>${tierChart(assessment.aspects)}</div>
<div class="card"><h3>Size by layer</h3>${layerChart(assessment.layers)}</div>
${against === undefined ? undefined : html`<div class="card"><h3>Compared with ${against.target.name}</h3>${besideChart(assessment, against)}</div>`}</div>
${aspectCard(assessment)}
${assessment.fips === undefined ? undefined : html`<div class="card"><h3>FIPS</h3>${fipsSentences(assessment.fips).map((line) => html`<p>${line}</p>`)}</div>`}
${against === undefined ? undefined : besideCard(assessment, against)}
${findingsCard(assessment)}
</section></main>
<footer>temper ${temperVersion()}, ${assessment.assessed.slice(0, 16).replace('T', ' ')} UTC</footer></body></html>
`
  return page.text
}

/** Ours: nothing in it is from outside. */
const sheet = new Markup(`${style}${assessmentStyle}`)
const badge: Readonly<Record<Tier, string>> = {
  regular: 'bad',
  minimal: 'plain',
  hardened: 'good',
  secure: 'good',
}

function factList({ target, measures, slsa }: Assessment): Markup {
  const facts = [
    target.distribution,
    target.platform,
    `${bytesText(measures.size)} in ${measures.layers} ${measures.layers === 1 ? 'layer' : 'layers'}`,
    `${measures.packages} packages`,
    `${measures.files} files`,
    measures.vulnerabilities === undefined
      ? 'vulnerabilities not compared'
      : `${measures.vulnerabilities} known vulnerabilities`,
    slsa === undefined ? undefined : `SLSA build level ${slsa.build}: ${slsa.why}`,
    target.digest,
  ].filter((fact) => fact !== undefined)
  return html`<ul class="facts">${facts.map((fact) => html`<li>${fact}</li>`)}</ul>`
}

function nextCard({ tier, next }: Assessment): Markup {
  const goal = tiers[tiers.indexOf(tier) + 1]
  if (goal === undefined)
    return html`<div class="card"><h3>Nothing left to do</h3><p>Every rule was checked, and none that matters is broken.</p></div>`
  const steps = next.map(({ todo, rule }) => html`<li>${todo} <code class="soft">${rule}</code></li>`)
  return html`<div class="card"><h3>To make it ${goal}</h3><ol class="steps">${steps}</ol></div>`
}

function aspectCard({ aspects }: Assessment): Markup {
  const rows = aspects.map(({ id, tier, reasons, judged }) => {
    const told = reasons.length === 0 && !judged ? ['not fully checked'] : reasons
    const list = told.map((reason) => html`<li>${reason}</li>`)
    return html`<tr><th scope="row">${aspectTitles[id]}</th><td class="tier ${tier}" data-label="Tier">${tier}</td><td data-label="Why not higher">${told.length === 0 ? undefined : html`<ul class="reasons">${list}</ul>`}</td></tr>`
  })
  return html`<div class="card"><table class="wide"><caption>Aspects</caption><thead><tr><th scope="col">Aspect</th><th scope="col">Tier</th><th scope="col">Why not higher</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

function besideCard(assessment: Assessment, against: NonNullable<Assessment['against']>): Markup {
  const rows = measureRows(assessment.measures, against.measures).map(
    ({ title, one, other }) =>
      html`<tr><th scope="row">${title}</th><td class="number" data-label="This">${one}</td><td class="number" data-label="The other">${other}</td></tr>`,
  )
  const only = (rules: readonly string[], text: string) =>
    rules.length === 0 ? undefined : html`<p>${text}: ${rules.join(', ')}</p>`
  return html`<div class="card"><table class="wide"><caption>Compared with ${against.target.name}, which is ${against.tier}</caption><thead><tr><th scope="col"></th><th scope="col" class="number">This</th><th scope="col" class="number">The other</th></tr></thead><tbody>${rows}</tbody></table>
${only(against.onlyThis, 'Only this breaks')}${only(against.onlyOther, 'Only the other breaks')}</div>`
}

function findingsCard({ findings, unjudged }: Assessment): Markup {
  const groups = groupFindings(findings).map(({ rule, level, findings: same, count }) => {
    const [first] = same
    const shown = same.slice(0, mostOfRule)
    const rest = count - shown.length
    return html`<details><summary><span class="level ${level}">${level}</span> ${rule} <span class="soft">(${count})</span></summary>
<p class="soft">${first?.remedy}</p><ul class="findings">${shown.map(findingItem)}</ul>${rest === 0 ? undefined : html`<p class="soft">… and ${rest} more</p>`}</details>`
  })
  const missing = unjudged.map(({ rule, why }) => html`<li><code>${rule}</code>: ${why}</li>`)
  return html`<div class="card"><h3>${findings.length === 0 ? 'No rule is broken' : 'Rules that are broken'}</h3>${groups}</div>
${missing.length === 0 ? undefined : html`<div class="card"><h3>Not checked</h3><ul class="findings">${missing}</ul></div>`}`
}

function findingItem({ subject, found, layer, instruction, source, ...from }: AssessedFinding): Markup {
  return html`<li><code>${subject}</code> ${found}${layer === undefined ? undefined : html` <span class="soft">in layer <code>${layer.slice(7, 19)}</code></span>`}${from.package === undefined ? undefined : html` <span class="soft">of ${from.package}</span>`}${instruction === undefined ? undefined : html`<br/><code class="soft">${instruction}</code>`}${source === undefined ? undefined : html`<br/><code class="soft">${sourceLineText(source)}</code>`}</li>`
}
