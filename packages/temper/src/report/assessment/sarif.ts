import { sha256 } from '../../base/digest.ts'
import { wellFormed } from '../../base/json/well-formed.ts'
import { printable } from '../../base/printable.ts'
import { temperVersion } from '../../base/version.ts'
import type { AssessedFinding, Assessment } from '../../model/assess/assessment.ts'
import { type SourceLine, sourceLineText } from '../../model/assess/source-line.ts'
import type { Level } from '../../model/rule.ts'
import type { ImageRuleText } from './rule-text.ts'

type Json = Readonly<Record<string, unknown>>

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/** What code hosts sort by: scores as CVSS has them, for those that show nothing else. */
const scores: Readonly<Record<Level, string>> = { error: '8.0', warning: '5.0', note: '2.0' }

/** SARIF 2.1.0 (OASIS): one rule for each rule of ours, one result for each finding. */
export function assessmentSarif(assessment: Assessment, rules: readonly ImageRuleText[]): Json {
  const { target, tier, aspects, measures, unjudged, findings, assessed } = assessment
  const broken = new Set(findings.map(({ rule }) => rule))
  const used = rules.filter(({ id }) => broken.has(id))
  const indices = new Map(used.map(({ id }, index) => [id, index]))
  const run = {
    tool: { driver: { name: 'temper', semanticVersion: temperVersion(), rules: used.map(sarifRule) } },
    automationDetails: { id: `temper/assess/${clean(target.name)}/` },
    invocations: [
      {
        executionSuccessful: true,
        endTimeUtc: assessed,
        toolExecutionNotifications: unjudged.map(({ rule, why }) => ({
          descriptor: { id: 'not-checked' },
          level: 'warning',
          message: { text: messageText(`The rule ${rule} was not checked: ${why}.`) },
        })),
      },
    ],
    originalUriBaseIds: {
      ROOT: { uri: 'file:///', description: { text: 'The root of what was assessed.' } },
    },
    results: findings.map((finding) => resultOf(finding, indices)),
    columnKind: 'utf16CodeUnits',
    properties: { target, tier, aspects, measures },
  }
  return wellFormed({ $schema: schema, version: '2.1.0', runs: [run] })
}

function sarifRule({ id, title, why, fix, level, controls, aspect, tier }: ImageRuleText): Json {
  return {
    id,
    name: id,
    shortDescription: { text: `${title}.` },
    fullDescription: { text: why },
    help: { text: `${fix}.` },
    defaultConfiguration: { level },
    properties: {
      tags: ['security', aspect],
      'security-severity': scores[level],
      tier,
      controls: controls.map((control) => `${control.framework} ${control.id}`),
    },
  }
}

function resultOf(finding: AssessedFinding, indices: ReadonlyMap<string, number>): Json {
  const { rule, level, subject, found, remedy, path, layer, place, source } = finding
  const line = place.kind === 'span' ? place.line : 1
  return {
    ruleId: rule,
    ...(indices.has(rule) ? { ruleIndex: indices.get(rule) } : {}),
    level,
    message: { text: messageText(`${subject}: ${found}. To do: ${remedy}.`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: pathUri(path), uriBaseId: 'ROOT' },
          region: { startLine: line },
        },
        ...(layer === undefined ? {} : { message: { text: `in layer ${layer}` }, properties: { layer } }),
      },
    ],
    ...(source === undefined ? {} : { relatedLocations: [sourceLocation(source)] }),
    partialFingerprints: { 'temperAssess/v1': sha256(`${rule}\n${path ?? ''}\n${subject}`).slice(7) },
  }
}

/** The line of the recipe or Dockerfile: relative to where the tool was started, as code hosts have it. */
function sourceLocation(source: SourceLine): Json {
  const { file, line } = source
  return {
    id: 1,
    physicalLocation: {
      artifactLocation: { uri: pathUri(file) },
      ...(line === undefined ? {} : { region: { startLine: line } }),
    },
    message: { text: messageText(sourceLineText(source)) },
  }
}

/** Line 1 of the root where there is no file: code hosts refuse results without a place. */
function pathUri(path: string | undefined): string {
  const uri = (path ?? '').replace(/^\/+/, '').toWellFormed().split('/').map(encodeURIComponent).join('/')
  return uri === '' ? '.' : uri
}

/** Brackets make links in messages (SARIF 2.1.0, section 3.11.6) and are escaped. */
function messageText(text: string): string {
  return clean(text).replaceAll(/[[\]\\]/g, (char) => `\\${char}`)
}

function clean(text: string): string {
  return printable(text).toWellFormed()
}
