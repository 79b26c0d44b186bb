import { type Assessment, aspectTitles, tiers } from '../../model/assess/assessment.ts'
import { sourceLineText } from '../../model/assess/source-line.ts'
import { markdownCode, markdownText } from '../markdown/text.ts'
import { fipsSentences } from './fips.ts'
import { groupFindings } from './groups.ts'
import { measureRows } from './measures.ts'

/** Rows that are written out; code hosts refuse comments of over 65,536 characters. */
const most = { steps: 20, reasons: 3, text: 400 } as const

/** For a comment on a pull request: the tier, what to do first, how each aspect stands. */
export function assessmentMarkdown(assessment: Assessment): string {
  const { target, tier, next, findings, fips, against } = assessment
  const goal = tiers[tiers.indexOf(tier) + 1]
  return [
    `### ${markdownCode(target.name)} is **${tier}**\n`,
    ...(goal === undefined ? [] : [`To make it ${goal}:\n\n${stepsOf(next)}`]),
    aspectsOf(assessment),
    ...(fips === undefined ? [] : [`FIPS: ${fipsSentences(fips).map(markdownText).join(' ')}\n`]),
    ...(findings.length === 0 ? [] : [brokenOf(assessment)]),
    ...(against === undefined ? [] : [besideOf(assessment, against)]),
  ].join('\n')
}

function cut(text: string): string {
  return text.length <= most.text ? text : `${text.slice(0, most.text - 1)}…`
}

function stepsOf(next: Assessment['next']): string {
  const shown = next.slice(0, most.steps)
  const rest = next.length - shown.length
  const lines = shown.map(
    ({ todo, rule, sources = [] }, i) =>
      `${i + 1}. ${markdownText(cut(todo))} (${markdownCode(rule)})${sources.map((line) => `; ${markdownCode(cut(sourceLineText(line)))}`).join('')}\n`,
  )
  return `${lines.join('')}${rest === 0 ? '' : `\n… and ${rest} more\n`}`
}

function aspectsOf({ aspects }: Assessment): string {
  const rows = aspects.map(({ id, tier, reasons, judged }) => {
    const shown = reasons.slice(0, most.reasons).map((reason) => markdownText(cut(reason)))
    const rest = reasons.length - shown.length
    const told = [...shown, ...(rest === 0 ? [] : [`… ${rest} more`])]
    const all = told.length === 0 && !judged ? ['not fully checked'] : told
    return `| ${aspectTitles[id]} | ${tier} | ${all.join('<br>')} |\n`
  })
  return `| Aspect | Tier | Why not higher |\n| --- | --- | --- |\n${rows.join('')}`
}

function brokenOf({ findings }: Assessment): string {
  const rows = groupFindings(findings).map(({ rule, level, findings: same, count }) => {
    const [first] = same
    const what =
      first === undefined ? '' : `${markdownText(cut(first.subject))}: ${markdownText(cut(first.found))}`
    return `| ${level} | ${markdownCode(rule)} | ${count} | ${what} |\n`
  })
  return `<details><summary>Rules that are broken</summary>\n\n| Level | Rule | Times | First |\n| --- | --- | ---: | --- |\n${rows.join('')}\n</details>\n`
}

function besideOf(assessment: Assessment, against: NonNullable<Assessment['against']>): string {
  const rows = measureRows(assessment.measures, against.measures).map(
    ({ title, one, other }) => `| ${title} | ${one} | ${other} |\n`,
  )
  return `| | ${markdownCode(assessment.target.name)} | ${markdownCode(against.target.name)} |\n| --- | ---: | ---: |\n| tier | ${assessment.tier} | ${against.tier} |\n${rows.join('')}`
}
