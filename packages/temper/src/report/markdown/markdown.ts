import { severities } from '../../model/advisory/advisory.ts'
import type { Finding } from '../../model/advisory/finding.ts'
import type { ComparedFinding, Comparison, ScanReport, Verdict } from '../../model/advisory/scan-report.ts'
import { advisoriesText, feedText } from '../advisories.ts'
import { homeOf } from '../markup.ts'
import { countSeverities, severityText, summaryLine } from '../summary.ts'
import { distinct, type UpgradeGroup, upgradePlan } from '../upgrade-groups.ts'
import { markdownCode, markdownText } from './text.ts'

/** Rows and ids that are written out; code hosts refuse comments of over 65,536 characters. */
const most = {
  upgrades: 30,
  ids: 8,
  violations: 30,
  waiting: 30,
  compared: 30,
  notes: 10,
  feeds: 40,
  characters: 60_000,
}

/** For a comment on a pull request: the verdict and what to do, the rest folded. */
export function scansMarkdown(reports: readonly ScanReport[]): string {
  const text = reports.map(section).join('\n')
  if (text.length <= most.characters) return text
  // Many targets: each in a line; whoever wants more asks for one of them.
  const lines = reports.map(
    ({ result, verdict }) =>
      `| ${gateMark(verdict)} ${markdownCode(result.target.name)} | ${summaryLine(result)} |\n`,
  )
  const shown = fitting(lines)
  return `| Target | Found |\n| --- | --- |\n${shown.join('')}${moreRow(lines.length - shown.length, 2)}`
}

/** As many of the first lines as may be written out. */
function fitting(lines: readonly string[]): readonly string[] {
  let characters = 0
  const end = lines.findIndex((line) => {
    characters += line.length
    return characters > most.characters
  })
  return end === -1 ? lines : lines.slice(0, end)
}

function section(report: ScanReport): string {
  const { result, verdict, comparison } = report
  const plan = upgradePlan(result)
  const parts = [
    `### ${gateMark(verdict)} ${markdownCode(result.target.name)}\n`,
    `**${headline(report)}**\n`,
    ...(verdict === undefined ? [] : [gate(verdict)]),
    ...(comparison === undefined ? [] : [compared(comparison)]),
    ...(plan.fixable.length === 0 ? [] : [upgrades(plan.fixable)]),
    ...(plan.waiting.length === 0 ? [] : [waiting(plan.waiting)]),
    ...secrets(report),
    ...suppressed(report),
    ...notes(report),
    footer(report),
  ]
  return parts.join('\n')
}

function gateMark(verdict: Verdict | undefined): string {
  if (verdict === undefined) return '🛡️'
  return verdict.passed ? '✅' : '❌'
}

function headline(report: ScanReport): string {
  const text = summaryLine(report.result)
  const line = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
  return report.hidden === 0 ? line : `${line}; ${report.hidden} not shown`
}

function gate({ passed, rules, violations }: Verdict): string {
  const written = rules.map(markdownCode).join(', ')
  if (passed) return `The gate (${written}) is passed.\n`
  const rows = violations
    .slice(0, most.violations)
    .map(
      ({ rule, id, subject, found, remedy }) =>
        `| ${markdownCode(rule)} | ${linked(id)} | ${markdownCode(subject)} | ${markdownText(found)} | ${markdownText(remedy)} |\n`,
    )
  const rest = moreRow(violations.length - rows.length, 5)
  return `The gate (${written}) says **no**: ${violations.length} ${violations.length === 1 ? 'finding breaks' : 'findings break'} it.\n\n| Rule | Finding | In | Why | What removes it |\n| --- | --- | --- | --- | --- |\n${rows.join('')}${rest}`
}

function upgrades(groups: readonly UpgradeGroup[]): string {
  const rows = groups.slice(0, most.upgrades).map(({ upgrade, findings }) => {
    const cells = [upgrade.name, upgrade.from, upgrade.to ?? ''].map(markdownCode)
    return `| ${cells.join(' | ')} | ${ids(findings)} |\n`
  })
  const rest = moreRow(groups.length - rows.length, 4)
  return `| Upgrade | From | To | Removes |\n| --- | --- | --- | --- |\n${rows.join('')}${rest}`
}

function waiting(groups: readonly UpgradeGroup[]): string {
  const all = groups.flatMap(({ findings }) => findings)
  const rows = groups
    .slice(0, most.waiting)
    .map(
      ({ upgrade, findings }) =>
        `| ${markdownCode(upgrade.name)} | ${markdownCode(upgrade.from)} | ${ids(findings)} |\n`,
    )
  const rest = moreRow(groups.length - rows.length, 3)
  return folded(
    `No fix yet: ${severityText(countSeverities(all))}`,
    `| Package | Version | Findings |\n| --- | --- | --- |\n${rows.join('')}${rest}`,
  )
}

function secrets({ result }: ScanReport): string[] {
  if (result.secrets.length === 0) return []
  const rows = result.secrets
    .slice(0, most.notes)
    .map(
      ({ title, location, line, severity }) =>
        `| ${severity} | ${markdownText(title)} | ${markdownCode(`${location.path}:${line}`)} |\n`,
    )
  const rest = moreRow(result.secrets.length - rows.length, 3)
  return [`| Severity | Secret | In |\n| --- | --- | --- |\n${rows.join('')}${rest}`]
}

function suppressed({ result, showSuppressed }: ScanReport): string[] {
  if (!showSuppressed || result.suppressed.length === 0) return []
  const rows = result.suppressed
    .slice(0, most.waiting)
    .map(
      ({ id, component, reason, suppressedBy }) =>
        `| ${linked(id)} | ${markdownCode(component.name)} | ${markdownText(reason)} | ${markdownText(suppressedBy.source)} |\n`,
    )
  const rest = moreRow(result.suppressed.length - rows.length, 4)
  return [
    folded(
      `Suppressed: ${result.suppressed.length}`,
      `| Finding | In | Why | Says |\n| --- | --- | --- | --- |\n${rows.join('')}${rest}`,
    ),
  ]
}

function notes({ result: { notes: all, support, feeds } }: ScanReport): string[] {
  const lines = [
    ...(support?.ended === true ? [`Support of this release ended on ${support.endOfLife}.`] : []),
    ...feeds.filter((feed) => feed.stale === true).map((feed) => `The feed ${feed.id} is stale.`),
    ...all.slice(0, most.notes).map((note) => note.message),
  ]
  return lines.length === 0 ? [] : [`${lines.map((line) => `- ${markdownText(line)}`).join('\n')}\n`]
}

function compared({ with: other, appeared, disappeared, stayed }: Comparison): string {
  const head = `Compared with ${markdownCode(other)}: ${appeared.length} new, ${disappeared.length} gone, ${stayed.length} as before.\n`
  const lists = [list('New', appeared), list('Gone', disappeared)].filter((text) => text !== '')
  return [head, ...lists].join('\n')
}

function list(title: string, findings: readonly ComparedFinding[]): string {
  if (findings.length === 0) return ''
  const rows = findings
    .slice(0, most.compared)
    .map(
      ({ id, severity, package: { name, version } }) =>
        `| ${severity} | ${linked(id)} | ${markdownCode(name)} | ${markdownCode(version)} |\n`,
    )
  const rest = moreRow(findings.length - rows.length, 4)
  return folded(
    `${title}: ${findings.length}`,
    `| Severity | Finding | Package | Version |\n| --- | --- | --- | --- |\n${rows.join('')}${rest}`,
  )
}

/** "critical: [CVE-…](…) **KEV**, …; high: …". */
function ids(findings: readonly Finding[]): string {
  const all = distinct(findings)
  const shown = all.slice(0, most.ids)
  const groups = severities.flatMap((severity) => {
    const same = shown.filter((finding) => finding.severity === severity)
    if (same.length === 0) return []
    const names = same.map(({ id, exploited }) => `${linked(id)}${exploited === undefined ? '' : ' **KEV**'}`)
    return [`${severity}: ${names.join(', ')}`]
  })
  return `${groups.join('; ')}${all.length > shown.length ? ` and ${all.length - shown.length} more` : ''}`
}

function linked(id: string): string {
  const home = homeOf(id)
  return home === undefined ? markdownCode(id) : `[${id}](${home})`
}

function folded(summary: string, body: string): string {
  return `<details>\n<summary>${markdownText(summary)}</summary>\n\n${body}\n</details>\n`
}

function moreRow(amount: number, columns: number): string {
  return amount > 0 ? `| … ${amount} more ${'| '.repeat(columns)}\n` : ''
}

function footer({ result, times }: ScanReport): string {
  const { target, packages, feeds, generator } = result
  const system = target.distribution?.title ?? target.distribution?.id
  const parts = [
    ...(system === undefined ? [] : [system]),
    ...(target.platform === undefined ? [] : [target.platform]),
    `${packages} packages`,
    advisoriesText(result),
    `scanned ${times.finished.slice(0, 16).replace('T', ' ')} UTC`,
    `${generator.name} ${generator.version}`,
  ]
  const line = `<sub>${parts.map(markdownText).join(' · ')}</sub>\n`
  if (feeds.length < 2) return line
  const rows = feeds.slice(0, most.feeds).map((feed) => `- ${markdownText(feedText(feed))}\n`)
  return `${line}\n${folded(`${feeds.length} feeds`, rows.join(''))}`
}
