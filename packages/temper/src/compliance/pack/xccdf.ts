import { printable } from '../../base/printable.ts'
import type { Compliance, ControlResult, ControlStatus } from '../../model/assess/compliance.ts'
import { controlToken } from './oscal.ts'

/** What XCCDF calls it (NIST IR 7275 revision 4, table 26). What only a person can tell was not checked. */
const results: Readonly<Record<ControlStatus, string>> = {
  pass: 'pass',
  fail: 'fail',
  'not-applicable': 'notapplicable',
  manual: 'notchecked',
}

/** XCCDF 1.2: a benchmark with one rule a control, and the results of the image. */
export function xccdfResults(compliance: Compliance): string {
  const { framework, image, controls, assessed, generator } = compliance
  const benchmark = `xccdf_io.temper_benchmark_${framework.id}`
  const rules = controls.map((control) => rule(control, framework.id))
  const outcome = controls.map((control) => ruleResult(control, { framework: framework.id, assessed }))
  const judged = controls.filter(({ status }) => status === 'pass' || status === 'fail')
  const passed = judged.filter(({ status }) => status === 'pass').length
  const score = judged.length === 0 ? 0 : (100 * passed) / judged.length
  return `<?xml version="1.0" encoding="UTF-8"?>
<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2" id="${benchmark}" xml:lang="en">
  <status date="${assessed.slice(0, 10)}">draft</status>
  <title>${text(framework.title)}</title>
  <description>${text(`${framework.source.document}, ${framework.source.publisher}. "pass" speaks of the image alone; what only a person can judge is "notchecked".`)}</description>
  <version>${text(framework.version)}</version>
  <metadata>
    <dc:source xmlns:dc="http://purl.org/dc/elements/1.1/">${text(framework.source.machineReadable ?? framework.source.document)}</dc:source>
  </metadata>
${rules.join('')}  <TestResult id="xccdf_io.temper_testresult_${framework.id}" start-time="${assessed}" end-time="${assessed}" test-system="${text(`${generator.name} ${generator.version}`)}" version="${text(framework.version)}">
    <benchmark href="#${benchmark}" id="${benchmark}"/>
    <title>${text(`${framework.title}: ${image.reference}`)}</title>
    <target>${text(image.reference)}</target>
${facts(compliance)}${outcome.join('')}    <score system="urn:xccdf:scoring:default" maximum="100">${score.toFixed(2)}</score>
  </TestResult>
</Benchmark>
`
}

/** Where the rules said it. */
const check = '<check system="urn:temper:rules"><check-content-ref href="assessment.json"/></check>'

function facts({ image: { digest, platform } }: Compliance): string {
  const known = [
    ['urn:temper:image:digest', digest],
    ['urn:temper:image:platform', platform],
  ].filter(([, value]) => value !== undefined)
  if (known.length === 0) return ''
  const lines = known.map(
    ([name, value]) => `      <fact name="${name}" type="string">${text(value ?? '')}</fact>\n`,
  )
  return `    <target-facts>\n${lines.join('')}    </target-facts>\n`
}

function rule(control: ControlResult, framework: string): string {
  const { id, title, rest, evidence } = control
  const description = [
    evidence.length === 0
      ? 'No rule can tell.'
      : `Held against ${evidence.map((each) => each.rule).join(', ')}.`,
    rest === undefined ? '' : `Left for a person: ${rest}.`,
  ]
  return `  <Rule id="${ruleId(id, framework)}" selected="true" severity="unknown">
    <title>${text(title === undefined ? id : `${id} ${title}`)}</title>
    <description>${text(description.join(' ').trim())}</description>
    <ident system="urn:temper:framework:${framework}">${text(id)}</ident>
    ${check}
  </Rule>
`
}

function ruleResult(
  { id, status, reason, evidence }: ControlResult,
  { framework, assessed }: { readonly framework: string; readonly assessed: string },
): string {
  const messages = [reason, ...evidence.flatMap(({ examples }) => examples)]
  return `    <rule-result idref="${ruleId(id, framework)}" time="${assessed}">
      <result>${results[status]}</result>
      <ident system="urn:temper:framework:${framework}">${text(id)}</ident>
${messages.map((message) => `      <message severity="info">${text(message)}</message>\n`).join('')}      ${check}
    </rule-result>
`
}

function ruleId(id: string, framework: string): string {
  return `xccdf_io.temper_rule_${framework}-${controlToken(id)}`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Foreign text as XML 1.0 may hold it. */
function text(value: string): string {
  const plain = printable(value.slice(0, 2000))
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, '\ufffd')
  return plain.replace(/[&<>"]/g, (char) => entities[char] ?? '')
}
