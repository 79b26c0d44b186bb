import { printable } from '../../base/printable.ts'
import type { Level } from '../../model/rule.ts'

type Json = Readonly<Record<string, unknown>>

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/** Something that breaks a rule at a place in a text. */
export interface TextFinding {
  readonly rule: string
  readonly level: Level
  readonly file: string
  readonly line: number
  readonly column: number
  /** What breaks it: "Deployment web". */
  readonly subject: string
  readonly found: string
  readonly remedy: string
}

/** A rule as readers of the results see it. */
export interface TextRule {
  readonly id: string
  readonly title: string
  readonly why: string
}

/** SARIF 2.1.0 (OASIS) of findings in texts, with their lines. */
export function textSarif(
  findings: readonly TextFinding[],
  {
    rules,
    version,
    tool,
  }: { readonly rules: readonly TextRule[]; readonly version: string; readonly tool: string },
): Json {
  const broken = [...new Set(findings.map(({ rule }) => rule))].sort()
  const known = new Map(rules.map((rule) => [rule.id, rule]))
  return {
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'temper',
            semanticVersion: version,
            rules: broken.map((id) => descriptor(known.get(id) ?? { id, title: id, why: id })),
          },
        },
        automationDetails: { id: `temper/${tool}/` },
        results: findings.map((finding) => result(finding, broken.indexOf(finding.rule))),
        columnKind: 'utf16CodeUnits',
      },
    ],
  }
}

function descriptor({ id, title, why }: TextRule): Json {
  return { id, shortDescription: { text: title }, fullDescription: { text: why }, help: { text: why } }
}

function result(
  { rule, level, file, line, column, subject, found, remedy }: TextFinding,
  index: number,
): Json {
  return {
    ruleId: rule,
    ruleIndex: index,
    level,
    message: { text: messageText(`${subject}: ${found}; ${remedy}.`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: fileUri(file) },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
    partialFingerprints: { 'temperText/v1': clean(`${rule}:${subject}:${found}`) },
  }
}

/** Relative to the working folder; standard input has no address, and gets a name. */
function fileUri(file: string): string {
  if (file === '-') return 'stdin.yaml'
  return file.toWellFormed().split('/').map(encodeURIComponent).join('/')
}

/** Brackets make links in messages (SARIF 2.1.0, section 3.11.6) and are escaped. */
function messageText(text: string): string {
  return clean(text).replaceAll(/[[\]\\]/g, (char) => `\\${char}`)
}

function clean(text: string): string {
  return printable(text).toWellFormed()
}
