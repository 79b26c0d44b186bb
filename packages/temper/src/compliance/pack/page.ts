import { printable } from '../../base/printable.ts'
import type { Compliance, ControlResult, ControlStatus, RuleEvidence } from '../../model/assess/compliance.ts'
import { controlStatuses } from '../../model/assess/compliance.ts'

const words: Readonly<Record<ControlStatus, string>> = {
  fail: 'Fail',
  manual: 'For a person',
  pass: 'Pass',
  'not-applicable': 'Not applicable',
}

/** The results as one page that needs nothing from elsewhere, on a screen and on paper. */
export function compliancePage(compliance: Compliance): string {
  const { framework, image, counts, controls, assessed, generator, fips } = compliance
  const { source } = framework
  const rows = controlStatuses.map(
    (status) => `<li class="${status}"><b>${counts[status]}</b> ${words[status]}</li>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(`${framework.title}: ${image.reference}`)}</title>
<style>${style}</style>
</head>
<body>
<header>
<p class="kind">Compliance evidence for a container image</p>
<h1>${text(framework.title)}</h1>
<dl>
<dt>Image</dt><dd>${text(image.reference)}</dd>
${image.digest === undefined ? '' : `<dt>Digest</dt><dd><code>${text(image.digest)}</code></dd>\n`}${image.platform === undefined ? '' : `<dt>Platform</dt><dd>${text(image.platform)}</dd>\n`}<dt>Document</dt><dd>${text(`${source.document}, ${source.publisher}, ${framework.version}`)}</dd>
<dt>Titles from</dt><dd>${text(source.machineReadable ?? 'nowhere: there is no machine-readable source, so controls have their identifiers alone')}</dd>
<dt>Assessed</dt><dd>${text(`${assessed}, ${generator.name} ${generator.version}`)}</dd>
</dl>
<ul class="counts">${rows.join('')}</ul>
<p class="scope">A pass speaks of the image alone, by the rules that are named beside it. What is around the image, and what no
rule can tell, is left for a person and marked so.</p>
${fips === undefined ? '' : `<h2>FIPS</h2>\n<p>${fips.map(text).join(' ')}</p>\n`}</header>
<main>
<table>
<thead><tr><th>Control</th><th>Result</th><th>Evidence</th></tr></thead>
<tbody>
${controls.map(row).join('\n')}
</tbody>
</table>
</main>
</body>
</html>
`
}

function row({ id, title, status, reason, evidence, rest }: ControlResult): string {
  return `<tr class="${status}"><th scope="row">${text(id)}${title === undefined ? '' : `<span>${text(title)}</span>`}</th>
<td class="status">${words[status]}</td>
<td><p>${text(sentence(reason))}</p>${evidenceList(evidence)}${rest === undefined ? '' : `<p class="rest">Left for a person: ${text(rest)}.</p>`}</td></tr>`
}

function evidenceList(evidence: readonly RuleEvidence[]): string {
  const broken = evidence.filter(({ examples, why }) => examples.length > 0 || why !== undefined)
  if (broken.length === 0) return ''
  const items = broken.flatMap(({ rule, findings, examples, why }) => {
    const more = findings > examples.length ? [`and ${findings - examples.length} more`] : []
    return [...(why === undefined ? [] : [why]), ...examples, ...more].map(
      (line) => `<li><code>${text(rule)}</code> ${text(line)}</li>`,
    )
  })
  return `<ul>${items.join('')}</ul>`
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
}

const style = `
:root { color-scheme: light; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.5rem; color: #1b1f24; background: #fff; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; } .kind { margin: 0; color: #57606a; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0 0 1rem; }
dt { color: #57606a; } dd { margin: 0; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; padding: 0; }
.counts li { border: 1px solid #d0d7de; border-left-width: .4rem; border-radius: .25rem; padding: .25rem .75rem; }
.fail { border-color: #b42318; } .manual { border-color: #8a5d00; } .pass { border-color: #1a7f37; } .not-applicable { border-color: #8c959f; }
.scope { color: #57606a; max-width: 44rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .6rem .5rem; border-top: 1px solid #d0d7de; }
tbody th { width: 30%; overflow-wrap: anywhere; } tbody th span { display: block; font-weight: 400; color: #424a53; }
.status { white-space: nowrap; font-weight: 600; } tr.fail .status { color: #b42318; } tr.pass .status { color: #1a7f37; } tr.manual .status { color: #8a5d00; }
td p { margin: 0 0 .25rem; } td ul { margin: .25rem 0; padding-left: 1.1rem; overflow-wrap: anywhere; } .rest { color: #424a53; font-style: italic; }
p { overflow-wrap: anywhere; }
@media screen and (max-width: 40rem) { thead { display: none; } table, tbody, tr, th, td { display: block; width: auto !important; }
  tr { border-top: 1px solid #d0d7de; padding: .5rem 0; } tbody th, tbody td { border: 0; padding: .1rem 0; } }
@media print { :root { font-size: 10pt; } body { max-width: none; padding: 0; } tr { break-inside: avoid; } thead { display: table-header-group; } @page { margin: 18mm 15mm; } }
`

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function text(value: string): string {
  return printable(value.slice(0, 2000))
    .toWellFormed()
    .replace(/[&<>"']/g, (char) => entities[char] ?? '')
}
