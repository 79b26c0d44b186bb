import { frameworks } from '../../packages/temper/src/compliance/frameworks.ts'
import {
  applicabilities,
  type ControlDefinition,
  type Framework,
} from '../../packages/temper/src/model/assess/compliance.ts'

/** The page about all frameworks, as Markdown. */
export function complianceReference(): string {
  return `# Compliance: controls and the rules that are evidence for them

\`temper comply REF --framework ID\` ([how](../how-to/comply.md)) checks an image against these frameworks. A control whose
[rules](rules.md) were all checked and kept is a **pass**, for the image alone; one that the image breaks is a **fail**; one that no rule
can check, whose rules could not be checked, or that has notes to weigh, is left **for a person**. Titles are those of the named source;
without a machine-readable source a control has only its identifier.

${frameworks.map(chapter).join('\n')}`
}

function chapter({ id, title, version, source, controls }: Framework): string {
  return `## \`${id}\`

${title}. ${source.document}, ${source.publisher}, ${version}. Titles: ${source.machineReadable ?? 'none, since there is no machine-readable source'}.

| Control | Rules | Left for a person |
| --- | --- | --- |
${controls.map(row).join('\n')}
`
}

function row({ id, title, rules, rest, applies }: ControlDefinition): string {
  const named = [...new Set(rules)].map((rule) => `\`${rule}\``).join(', ')
  const unless = applies === undefined ? '' : ` (not applicable where ${applicabilities[applies]})`
  return `| ${cell(title === undefined ? id : `${id} ${title}`)}${unless} | ${named || 'none'} | ${cell(rest ?? '')} |`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
