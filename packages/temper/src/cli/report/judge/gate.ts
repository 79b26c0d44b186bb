import type { GateJson, ReasonJson } from '../../../flows/assess/gate-json.ts'
import type { WrittenSummary } from '../../../flows/assess/summary.ts'
import type { Style } from '../../style.ts'
import { count } from '../quantity.ts'

export interface GateTextOptions {
  readonly style: Style
  readonly dryRun: boolean
  readonly verbose: boolean
  readonly workingDir: string
  readonly written?: WrittenSummary
}

/** What a policy says of an image that it lets pass: "allowed by hardened, 2 warnings, 1 waived". */
export function policyText({ policy, remarks, waived, expired }: GateJson): string {
  const warnings = remarks.filter(({ level }) => level === 'warning').length
  return [
    `allowed by ${policy}`,
    ...(warnings === 0 ? [] : [count(warnings, 'warning')]),
    ...(waived.length === 0 ? [] : [`${waived.length} waived`]),
    ...(expired.length === 0 ? [] : [`${count(expired.length, 'exception')} expired`]),
  ].join(', ')
}

/** Most lines of one kind, unless all are asked for. */
const most = 20

/** The verdict of `temper gate` for people: the verdict, why, and what to do about it. */
export function gateText(gate: GateJson, options: GateTextOptions): string {
  const { style, verbose } = options
  const limit = verbose ? Number.POSITIVE_INFINITY : most
  const warnings = gate.remarks.filter(({ level }) => level === 'warning')
  const notes = gate.remarks.length - warnings.length
  return [
    headline(gate, options),
    ...reasonLines(gate.reasons, style.bad('✗'), limit),
    ...reasonLines(warnings, style.warn('!'), verbose ? limit : 5),
    ...(verbose
      ? reasonLines(
          gate.remarks.filter(({ level }) => level === 'note'),
          '·',
          limit,
        )
      : []),
    ...(notes > 0 && !verbose
      ? [`  ${count(notes, 'note')}: --verbose lists notes that do not refuse\n`]
      : []),
    ...exceptionLines(gate, style),
    ...nextLines(gate),
    ...writtenLines(gate, options),
  ].join('')
}

function headline(
  { allowed, policy, reference, reasons, platforms }: GateJson,
  options: GateTextOptions,
): string {
  const { style, dryRun } = options
  const image = style.bold(reference.replace(`oci:${options.workingDir}/`, 'oci:'))
  const of = platforms.length > 1 ? ` (${platforms.map(({ platform }) => platform).join(', ')})` : ''
  const would = dryRun ? 'would be ' : ''
  if (allowed) return `${style.good('✓')} ${would}allowed by ${policy}: ${image}${of}\n`
  return `${style.bad('✗')} ${would}refused by ${policy}: ${image}${of}, ${count(reasons.length, 'reason')}\n`
}

/** What has the same remedy stands together: three hundred files of one package are one thing to do. */
function reasonLines(reasons: readonly ReasonJson[], mark: string, limit: number): string[] {
  const groups = [...Map.groupBy(reasons, keyOf).values()]
  const lines = groups.slice(0, limit).map((group) => groupText(group, mark))
  if (groups.length > limit) {
    const rest = groups.slice(limit).reduce((sum, group) => sum + group.length, 0)
    lines.push(`  ${mark} and ${rest} more: --verbose lists all\n`)
  }
  return lines
}

/** Whatever nobody could judge for one reason stands together, whichever rule it is. */
function keyOf({ rule, found, remedy, judged }: ReasonJson): string {
  return judged === false ? `${found}\n${remedy}` : `${rule}\n${remedy}`
}

/** Most places that are told of one group. */
const mostOfGroup = 3

function groupText(group: readonly ReasonJson[], mark: string): string {
  const [first] = group
  if (first === undefined) return ''
  const sentences = [...new Set(group.map(sentence))]
  const shown = sentences.slice(0, mostOfGroup)
  const more = sentences.length > shown.length ? [`and ${sentences.length - shown.length} more`] : []
  const body = [...shown, ...more].map((line) => `      ${line}\n`).join('')
  const rules = [...new Set(group.map(({ rule }) => rule))]
  return `  ${mark} ${rules.join(', ')}\n${body}      → ${first.remedy}\n`
}

function sentence({ subject, found, platforms, path, judged }: ReasonJson): string {
  const about =
    judged === false || subject === 'the image' || found.includes(subject) ? found : `${subject}: ${found}`
  const where = path === undefined || about.includes(path) ? '' : ` (${path})`
  return `${about}${where}${platforms === undefined ? '' : ` [${platforms.join(', ')}]`}`
}

function exceptionLines({ waived, expired, unused }: GateJson, style: Style): string[] {
  const byException = Map.groupBy(
    waived,
    ({ rule, owner, reason, until }) => `${rule}: ${reason} (${owner}, until ${until})`,
  )
  return [
    ...[...byException].map(([text, all]) => `  ${style.dim('~')} waived ${all.length}× ${text}\n`),
    ...expired.map(
      ({ rule, until, owner, place }) =>
        `  ${style.warn('!')} the exception for ${rule} (${place}, ${owner}) expired on ${until} and no longer counts\n`,
    ),
    ...unused.map(
      ({ rule, place }) => `  ${style.dim('·')} the exception for ${rule} (${place}) matches nothing\n`,
    ),
  ]
}

/** Commands for what could not be judged. */
function nextLines({ reasons, remarks }: GateJson): string[] {
  const all = [...reasons, ...remarks]
  const needsFeeds = all.some(
    ({ rule, remedy }) => ['incomplete', 'stale-feeds'].includes(rule) || remedy === 'fetch advisories',
  )
  const needsTrust = all.some(({ judged, remedy }) => judged === false && remedy.includes('trust file'))
  return [
    ...(needsFeeds ? ['Next: temper feeds update (docs/how-to/feeds.md)\n'] : []),
    ...(needsTrust ? ['Next: --key FILE, or temper trust init (docs/how-to/trust.md)\n'] : []),
  ]
}

function writtenLines(
  { allowed, reference }: GateJson,
  { written, style, dryRun }: GateTextOptions,
): string[] {
  if (dryRun && !allowed) return ['This was a dry run: nothing is written, and the exit code is 0.\n']
  if (written === undefined) return []
  const who = written.signer === undefined ? 'not signed' : `signed by ${written.signer}`
  return [
    ...(written.file === undefined ? [] : [`Wrote ${style.bold(written.file)}, ${who}\n`]),
    ...(written.digest === undefined
      ? []
      : [`Attached ${style.bold(written.digest)} to ${reference}, ${who}\n`]),
  ]
}
