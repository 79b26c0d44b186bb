import { printableLine } from '../../../base/printable.ts'
import {
  type AspectGrade,
  type AssessedFinding,
  type Assessment,
  aspectTitles,
  type Tier,
  tiers,
} from '../../../model/assess/assessment.ts'
import { sourceLineText } from '../../../model/assess/source-line.ts'
import { fipsSentences } from '../../../report/assessment/fips.ts'
import { groupFindings } from '../../../report/assessment/groups.ts'
import { measureRows } from '../../../report/assessment/measures.ts'
import { imageRules } from '../../../rules/image/rules.ts'
import type { Style } from '../../style.ts'
import { count, formatBytes } from '../quantity.ts'
import { table } from '../table.ts'
import { wrap } from '../wrap.ts'

export interface AssessTextOptions {
  readonly style: Style
  /** Width of the terminal. */
  readonly columns: number
  /** List every finding, and every reason. */
  readonly verbose: boolean
}

/** Rules that nobody can check without advisories. */
const needsFeeds: ReadonlySet<string> = new Set(
  imageRules.filter(({ needs }) => needs.some((part) => part === 'scan')).map(({ id }) => id),
)

/** Steps that are written out unless all are asked for. */
const mostSteps = 7

/** What people read: the tier, what to do first, and how each aspect stands. */
export function assessText(assessment: Assessment, options: AssessTextOptions): string {
  return [
    headline(assessment, options),
    ...nextText(assessment, options),
    aspectsText(assessment.aspects, options),
    ...slsaText(assessment, options),
    ...fipsText(assessment, options),
    ...findingsText(assessment, options),
    ...againstText(assessment, options),
  ].join('\n')
}

function headline({ target, tier, measures, aspects }: Assessment, options: AssessTextOptions): string {
  const { style, columns } = options
  const unjudged = aspects.filter(({ judged }) => !judged).length
  const mark = tier === 'regular' ? style.bad('✗') : tier === 'minimal' ? style.warn('!') : style.good('✓')
  const facts = [
    ...(target.distribution === undefined ? [] : [target.distribution]),
    ...(target.platform === undefined ? [] : [target.platform]),
    `${formatBytes(measures.size)} in ${count(measures.layers, 'layer')}`,
    count(measures.packages, 'package'),
    count(measures.files, 'file'),
    ...(measures.vulnerabilities === undefined ? [] : [count(measures.vulnerabilities, 'vulnerability')]),
    ...(unjudged === 0 ? [] : [style.warn(`${count(unjudged, 'aspect')} not fully checked`)]),
  ].map((text) => printableLine(text))
  const lines = wrap(facts, { columns, indent: '  ', separator: ' · ' })
  return `${mark} ${style.bold(printableLine(target.name))} is ${painted(tier, style)}\n${style.dim(lines)}`
}

function painted(tier: Tier, style: Style): string {
  const paint = { regular: style.bad, minimal: style.warn, hardened: style.good, secure: style.good }[tier]
  return style.bold(paint(tier))
}

function nextText({ tier, next }: Assessment, options: AssessTextOptions): string[] {
  const { style, columns, verbose } = options
  const goal = tiers[tiers.indexOf(tier) + 1]
  if (goal === undefined) return []
  const shown = verbose ? next : next.slice(0, mostSteps)
  const steps = shown.map(({ todo, rule, sources = [] }, index) => {
    const [line] = sources
    const at = line === undefined ? [] : [`[${printableLine(sourceLineText(line))}]`]
    const words = printableLine(todo, { most: 1000 }).split(' ')
    const text = wrap([...words, ...at, `(${rule})`], { columns, indent: '     ', separator: ' ' })
    return `${`${index + 1}.`.padStart(4)} ${text.slice(5)}`
  })
  const rest = next.length - shown.length
  const more = rest === 0 ? '' : style.dim(`     … and ${rest} more (--verbose shows all)\n`)
  const feeds = next.some(
    ({ findings, rules }) => findings === 0 && rules.some((rule) => needsFeeds.has(rule)),
  )
  const hint = feeds ? style.dim('     Advisories are fetched with: temper feeds update\n') : ''
  return [`${style.bold('Do first')}, to make it ${goal}:\n${steps.join('')}${more}${hint}`]
}

function aspectsText(aspects: readonly AspectGrade[], options: AssessTextOptions): string {
  const { style, columns, verbose } = options
  const width = Math.max(...aspects.map(({ id }) => aspectTitles[id].length))
  const lines = aspects.map(({ id, tier, reasons, judged }) => {
    const steps = tiers.indexOf(tier)
    const bar = `${'■'.repeat(steps)}${'□'.repeat(tiers.length - 1 - steps)}`
    const head = `  ${aspectTitles[id].padEnd(width)}  ${bar}  ${tier.padEnd(8)}  `
    const told = reasons.length === 0 ? (judged ? '' : 'not fully checked') : reasonsLine(reasons)
    const text = fitted(told, columns - head.length)
    const line =
      text === ''
        ? `  ${aspectTitles[id].padEnd(width)}  ${bar}  ${painted(tier, style)}`
        : `  ${aspectTitles[id].padEnd(width)}  ${bar}  ${padded(tier, style)}  ${style.dim(text)}`
    const all = verbose ? reasons.map((reason) => `      ${printableLine(reason)}\n`).join('') : ''
    return `${line}\n${all}`
  })
  return lines.join('')
}

function padded(tier: Tier, style: Style): string {
  return `${painted(tier, style)}${' '.repeat(8 - tier.length)}`
}

function reasonsLine([first = '', ...rest]: readonly string[]): string {
  return rest.length === 0 ? first : `${first} (+${rest.length})`
}

function fitted(text: string, room: number): string {
  const line = printableLine(text)
  return line.length <= room ? line : `${line.slice(0, Math.max(0, room - 1))}…`
}

function slsaText({ slsa }: Assessment, { style, columns, verbose }: AssessTextOptions): string[] {
  if (slsa === undefined || !verbose) return []
  const words = printableLine(`build level ${slsa.build} by its evidence: ${slsa.why}`).split(' ')
  return [`${style.bold('SLSA')}\n${wrap(words, { columns, indent: '  ', separator: ' ' })}`]
}

function fipsText({ fips }: Assessment, { style, columns }: AssessTextOptions): string[] {
  if (fips === undefined) return []
  const words = fipsSentences(fips).flatMap((line) => printableLine(line).split(' '))
  return [`${style.bold('FIPS')}\n${wrap(words, { columns, indent: '  ', separator: ' ' })}`]
}

function findingsText({ findings }: Assessment, options: AssessTextOptions): string[] {
  const { style, columns, verbose } = options
  if (findings.length === 0) return []
  if (verbose)
    return [`${style.bold('Findings')}\n${findings.map((each) => findingText(each, options)).join('')}`]
  const rows = groupFindings(findings).map(({ rule, level, findings: same, count: all }) => [
    `  ${level}`,
    rule,
    String(all),
    printableLine(same[0]?.subject ?? ''),
  ])
  const text = table(rows, [{}, {}, { align: 'right' }])
  const cut = text
    .split('\n')
    .map((line) => (line.length <= columns ? line : `${line.slice(0, columns - 1)}…`))
  const hint = style.dim('  --verbose lists each with its layer and what to do\n')
  return [`${style.bold('Rules that are broken')}\n${cut.join('\n')}${hint}`]
}

function findingText(
  { rule, level, subject, layer, found, remedy, ...from }: AssessedFinding,
  { style }: AssessTextOptions,
): string {
  const where = layer === undefined ? '' : style.dim(` [layer ${layer.slice(7, 19)}]`)
  const paint = level === 'error' ? style.bad : level === 'warning' ? style.warn : style.dim
  return `  ${paint(level)} ${rule}: ${printableLine(subject)}: ${printableLine(found)}${where}\n      ${style.dim(printableLine(remedy))}\n${originText(from, style)}`
}

function originText(from: Pick<AssessedFinding, 'instruction' | 'package' | 'source'>, style: Style): string {
  const parts = [
    ...(from.package === undefined ? [] : [`of the package ${from.package}`]),
    ...(from.instruction === undefined ? [] : [`by ${from.instruction}`]),
  ]
  if (from.source !== undefined) parts.push(sourceLineText(from.source))
  return parts.length === 0 ? '' : `      ${style.dim(printableLine(parts.join(', ')))}\n`
}

function againstText(assessment: Assessment, { style }: AssessTextOptions): string[] {
  const { against } = assessment
  if (against === undefined) return []
  const head = ['  ', 'this', 'the other']
  const rows = measureRows(assessment.measures, against.measures).map(({ title, one, other }) => [
    `  ${title}`,
    one,
    other,
  ])
  const tierRow = ['  tier', assessment.tier, against.tier]
  const text = table([head, tierRow, ...rows], [{}, { align: 'right' }, { align: 'right' }])
  const only = (rules: readonly string[], whose: string) =>
    rules.length === 0
      ? ''
      : wrap(rules, { columns: 78, indent: '    ', separator: ', ' }).replace(/^/, `  only ${whose} breaks\n`)
  return [
    `${style.bold('Compared with')} ${printableLine(against.target.name)}\n${text}${only(against.onlyThis, 'this')}${only(against.onlyOther, 'the other')}`,
  ]
}
