import { printableLine } from '../../../base/printable.ts'
import { type Severity, severities } from '../../../model/advisory/advisory.ts'
import type { Finding, ScanResult } from '../../../model/advisory/finding.ts'
import type { GateViolation, ScanReport, Verdict } from '../../../model/advisory/scan-report.ts'
import { advisoriesText, feedText } from '../../../report/advisories.ts'
import { dayOf } from '../../../report/date.ts'
import { doubt, doubtParts, maliciousText, severityCount, summarise } from '../../../report/summary.ts'
import { distinct, type UpgradeGroup, upgradePlan } from '../../../report/upgrade-groups.ts'
import type { Style } from '../../style.ts'
import { count } from '../quantity.ts'
import { wrap } from '../wrap.ts'
import { comparisonText } from './comparison.ts'

export interface ScanTextOptions {
  readonly style: Style
  /** Width of the terminal. */
  readonly columns: number
  readonly verbose: boolean
}

/** Ids of one upgrade, and groups without a repair, that are written out; more are counted. */
const most = { ids: 12, waiting: 8, suppressed: 50, violations: 20 } as const

/**
 * What people read: for each target, the verdict in one line, what to do about it, and what nothing can be done about
 * yet.
 */
export function scansText(reports: readonly ScanReport[], options: ScanTextOptions): string {
  return [...scansTexts(reports, options)].join('')
}

/** The same in pieces, each of whole lines: with `verbose` every finding is named, of which there may be millions. */
export function* scansTexts(
  reports: readonly ScanReport[],
  options: ScanTextOptions,
): Generator<string, void, void> {
  for (const report of reports) {
    let between = ''
    for (const section of sections(report, options)) {
      if (section.length === 0) continue
      if (between !== '') yield between
      between = '\n'
      yield* section
    }
    if (reports.length > 1) yield '\n'
  }
  if (reports.length > 1) yield totals(reports, options.style)
}

/** Texts that belong together; none when there is nothing to say. */
type Section = readonly string[]

function sections(report: ScanReport, options: ScanTextOptions): readonly Section[] {
  const { result, verdict, comparison } = report
  const plan = upgradePlan(result)
  return [
    [headline(report, options)],
    upgradesText(plan.fixable, options),
    waitingText(plan.waiting, options),
    secretsText(result, options),
    comparison === undefined ? [] : [comparisonText(comparison, options)],
    suppressedText(report, options),
    warnings(result, options),
    ledgerText(report, options),
    feedsText(result, options),
    verdict === undefined ? [] : verdictText(verdict, options),
  ]
}

function headline(report: ScanReport, options: ScanTextOptions): string {
  const { style } = options
  const { result } = report
  const summary = summarise(result)
  const { total, severities: counts, fixable, malicious, exploited, suppressed, complete } = summary
  const clean = total === 0 && report.hidden === 0 && result.secrets.length === 0
  const name = style.bold(printableLine(result.target.name))
  const mark = failed(report)
    ? style.bad('✗')
    : !clean
      ? style.warn('!')
      : complete
        ? style.good('✓')
        : style.warn('?')
  const parts = severities.flatMap((severity) =>
    counts[severity] === 0 ? [] : [painted(severityCount(counts[severity], severity), severity, style)],
  )
  const more = [
    ...(total > 0 ? [`${fixable} fixable`] : []),
    ...(malicious > 0 ? [style.bad(maliciousText(malicious))] : []),
    ...(exploited > 0 ? [style.bad(`${exploited} known to be exploited`)] : []),
    ...(suppressed > 0 ? [style.dim(`${suppressed} suppressed`)] : []),
    ...doubtParts(summary).map((part) => style.warn(part)),
    ...(report.hidden > 0 ? [style.dim(`${report.hidden} not shown`)] : []),
  ]
  const outcome =
    total > 0
      ? count(total, 'vulnerability')
      : report.hidden > 0
        ? 'nothing as severe as asked for'
        : complete
          ? `no known vulnerabilities in ${count(result.packages, 'package')}`
          : `nothing found, but ${doubt}`
  const secrets = secretsPhrase(result)
  const lines = (words: readonly string[]) =>
    wrap(words, { columns: options.columns, indent: '  ', separator: ' · ' })
  return `${mark} ${name}: ${secrets === '' ? '' : `${style.bad(secrets)}, `}${outcome}\n${lines([...parts, ...more])}${style.dim(lines(factsOf(report)))}`
}

/** The worst comes first: a private key in an image is in everybody's hands. */
function secretsPhrase({ secrets }: ScanResult): string {
  const keys = secrets.filter(({ rule }) => rule === 'private-key').length
  const others = secrets.length - keys
  return [
    ...(keys === 0 ? [] : [count(keys, 'private key')]),
    ...(others === 0 ? [] : [count(others, keys === 0 ? 'secret' : 'other secret')]),
  ].join(', ')
}

function factsOf({ result, times }: ScanReport): string[] {
  const { target, packages, feeds } = result
  const { distribution, platform, inventoryFrom } = target
  const system =
    distribution && (distribution.title ?? `${distribution.id} ${distribution.version}`.trimEnd())
  return [
    ...(system === undefined ? [] : [system]),
    ...(platform === undefined ? [] : [platform]),
    `${count(packages, 'package')} from ${inventoryFrom}`,
    feeds.length === 0 ? 'get advisories with: temper feeds update' : advisoriesText(result),
    `scanned ${times.finished.slice(0, 16).replace('T', ' ')} UTC`,
  ].map((text) => printableLine(text))
}

function failed({ verdict, result }: ScanReport): boolean {
  if (verdict !== undefined) return !verdict.passed
  if (result.secrets.some(({ rule }) => rule === 'private-key')) return true
  return result.findings.some(
    ({ severity, exploited }) => severity === 'critical' || severity === 'high' || exploited !== undefined,
  )
}

function upgradesText(groups: readonly UpgradeGroup[], options: ScanTextOptions): Section {
  if (groups.length === 0) return []
  const { style } = options
  const blocks = groups.map(({ upgrade, findings }) => {
    const versions = `${printableLine(upgrade.from, { most: 60 })} → ${style.good(printableLine(upgrade.to ?? '', { most: 60 }))}`
    const removes = style.dim(`removes ${distinct(findings).length}`)
    const words = [
      style.bold(printableLine(upgrade.name, { most: 80 })),
      versions,
      removes,
      ...paths(findings, options),
    ]
    return `${wrap(words, { columns: options.columns, indent: '  ', separator: '  ' })}${idsText(findings, options)}`
  })
  return [`${style.bold('Upgrade')}\n`, ...blocks]
}

/** Distributions have one place for all packages; of others it matters where they lie. */
function paths(findings: readonly Finding[], { style }: ScanTextOptions): string[] {
  const [first] = findings
  if (first === undefined || ['deb', 'apk', 'rpm'].includes(first.component.type)) return []
  const all = new Set(findings.flatMap(({ component }) => component.locations.map(({ path }) => path)))
  const [path] = all
  const { guessedFrom } = first.component
  const guess = guessedFrom === undefined ? [] : [style.dim(`(name guessed from ${guessedFrom})`)]
  if (path === undefined) return guess
  const more = all.size > 1 ? ` and ${all.size - 1} more` : ''
  return [style.dim(`in ${printableLine(path, { most: 80 })}${more}`), ...guess]
}

function idsText(findings: readonly Finding[], options: ScanTextOptions): string {
  const { style, verbose } = options
  const all = distinct(findings)
  const shown = verbose ? all : all.slice(0, most.ids)
  const words = shown.map((finding) => {
    const id = `${printableLine(finding.id, { most: 60 })} ${finding.severity}`
    return finding.exploited === undefined
      ? painted(id, finding.severity, style)
      : `${style.bad(id)} ${style.bold(style.bad('KEV'))}`
  })
  if (all.length > shown.length) words.push(style.dim(`and ${all.length - shown.length} more (-v lists all)`))
  return wrap(words, { columns: options.columns, indent: '    ', separator: ', ' })
}

/** What has no repair yet is summed up by package: nobody can do much about it today. */
function waitingText(groups: readonly UpgradeGroup[], options: ScanTextOptions): Section {
  if (groups.length === 0) return []
  const { style, verbose } = options
  const shown = verbose ? groups : groups.slice(0, most.waiting)
  const lines = shown.map(({ upgrade, findings }) => {
    const name = `${printableLine(upgrade.name, { most: 80 })} ${style.dim(printableLine(upgrade.from, { most: 60 }))}`
    return `  ${name}${stateOf(findings, style)}\n${idsText(findings, { ...options })}`
  })
  const rest = groups.slice(shown.length).flatMap(({ findings }) => findings)
  if (rest.length > 0)
    lines.push(
      style.dim(
        `  and ${count(rest.length, 'finding')} in ${count(groups.length - shown.length, 'more package')} (-v lists all)\n`,
      ),
    )
  return [`${style.bold('No fix yet')}\n`, ...lines]
}

function stateOf(findings: readonly Finding[], style: Style): string {
  const states = new Set(findings.map(({ unfixed }) => unfixed))
  if (states.has('wont-fix')) return style.dim('  the distribution will not fix some')
  return states.size === 1 && states.has('deferred') ? style.dim('  deferred by the distribution') : ''
}

function secretsText({ secrets }: ScanResult, { style }: ScanTextOptions): Section {
  if (secrets.length === 0) return []
  const lines = secrets.map(({ title, location, line, deleted, severity, excerpt }) => {
    const hidden = deleted ? style.dim(' (deleted by a later layer, but still in the image)') : ''
    return `  ${painted(printableLine(title), severity, style)} in ${printableLine(`${location.path}:${line}`)}${hidden}\n    ${style.dim(printableLine(excerpt))}\n`
  })
  return [`${style.bold('Secrets')}\n`, ...lines]
}

function suppressedText({ result, showSuppressed }: ScanReport, options: ScanTextOptions): Section {
  const { suppressed, suppressedSecrets } = result
  if (!showSuppressed || suppressed.length + suppressedSecrets.length === 0) return []
  const { style } = options
  const all = [
    ...suppressed.map((each) => ({
      ...each,
      what: `${each.id} in ${each.component.name} ${each.component.version}`,
    })),
    ...suppressedSecrets.map((each) => ({
      ...each,
      what: `${each.rule} in ${each.location.path}:${each.line}`,
    })),
  ]
  const lines = all
    .slice(0, options.verbose ? all.length : most.suppressed)
    .map(({ what, severity, reason, suppressedBy }) => {
      const until = suppressedBy.expires === undefined ? '' : `, until ${dayOf(suppressedBy.expires)}`
      const why = wrap(
        [`${reason} (${suppressedBy.source}${until})`].map((text) => printableLine(text)),
        {
          columns: options.columns,
          indent: '    ',
          separator: ' ',
        },
      )
      return `  ${printableLine(what)} ${severity}\n${style.dim(why)}`
    })
  if (all.length > lines.length)
    lines.push(style.dim(`  and ${all.length - lines.length} more (-v lists all)\n`))
  return [`${style.bold('Suppressed')}\n`, ...lines]
}

function warnings({ notes, feeds, support }: ScanResult, options: ScanTextOptions): Section {
  const { style } = options
  const stale = feeds.filter((feed) => feed.stale === true).map((feed) => feed.id)
  const texts = [
    ...(support?.ended === true
      ? [`Support for this release ended on ${support.endOfLife}: it gets no security updates.`]
      : []),
    ...(stale.length > 0
      ? [`Stale advisories: ${stale.join(', ')}. Fetch newer ones with: temper feeds update`]
      : []),
    ...notes.map(noteText),
  ]
  const shown = options.verbose ? texts : texts.slice(0, 10)
  const lines = shown.map((text) =>
    wrap(printableLine(text, { most: 400 }).split(' '), {
      columns: options.columns,
      indent: '  ',
      separator: ' ',
    }),
  )
  if (texts.length > shown.length)
    lines.push(style.dim(`  and ${texts.length - shown.length} more (-v lists all)\n`))
  return lines.length === 0
    ? []
    : [`${style.bold('Worth knowing')}\n`, ...lines.map((line) => style.warn(line))]
}

/** What was not compared, every package of it: asked for with --components. */
function ledgerText({ result, showComponents }: ScanReport, options: ScanTextOptions): Section {
  if (!showComponents) return []
  const open = result.ledger.filter(({ reason }) => reason !== undefined)
  if (open.length === 0) return [`${options.style.bold('Compared')}\n  all packages\n`]
  const lines = [...Map.groupBy(open, ({ reason = '' }) => reason)].map(([reason, entries]) => {
    const names = entries.map(({ component: { name, version } }) => printableLine(`${name} ${version}`))
    return `  ${printableLine(reason, { most: 400 })}\n${wrap(names, { columns: options.columns, indent: '    ', separator: ', ' })}`
  })
  return [`${options.style.bold('Not compared')}\n`, ...lines]
}

/** With -v: each feed with its day. */
function feedsText({ feeds }: ScanResult, { style, columns, verbose }: ScanTextOptions): Section {
  if (!verbose || feeds.length === 0) return []
  const names = feeds.map((feed) => printableLine(feedText(feed)))
  return [`${style.bold('Feeds')}\n${style.dim(wrap(names, { columns, indent: '  ', separator: ', ' }))}`]
}

/** A note, with the option that answers it. */
function noteText({ code, message }: ScanResult['notes'][number]): string {
  return code === 'secrets-not-searched' ? `${message} To search them anyway: --secrets` : message
}

function verdictText({ passed, rules, violations }: Verdict, options: ScanTextOptions): Section {
  const { style } = options
  const written = printableLine(rules.join(', '))
  if (passed) return [`${style.bold('Gate')}\n  ${style.good('✓')} nothing breaks ${written}\n`]
  const subjects = [...Map.groupBy(violations, ({ id, subject }) => `${id}\n${subject}`).values()]
  const shown = options.verbose ? subjects : subjects.slice(0, most.violations)
  const lines = shown.map((broken) => violationText(broken, options))
  if (subjects.length > shown.length)
    lines.push(style.dim(`  and ${subjects.length - shown.length} more (-v lists all)\n`))
  return [`${style.bold('Gate')}: ${style.bad(`refused, ${written}`)}\n`, ...lines]
}

/** All rules that one finding breaks, and what to do about it. */
function violationText(violations: readonly GateViolation[], { style, columns }: ScanTextOptions): string {
  const [first] = violations
  if (first === undefined) return ''
  const text = (words: string) =>
    wrap(printableLine(words, { most: 500 }).split(' '), { columns, indent: '      ', separator: ' ' })
  const rules = violations.map(({ rule, found }) => text(`${rule}: ${found}`))
  return `  ${style.bad('✗')} ${printableLine(first.id)} in ${printableLine(first.subject)}\n${style.dim(rules.join(''))}${text(`→ ${first.remedy}`)}`
}

function totals(reports: readonly ScanReport[], style: Style): string {
  const findings = reports.reduce((sum, { result }) => sum + result.findings.length, 0)
  const refused = reports.filter(({ verdict }) => verdict?.passed === false).length
  const gate = refused === 0 ? '' : style.bad(`; the gate refuses ${refused}`)
  return `${count(reports.length, 'target')}, ${count(findings, 'vulnerability')}${gate}\n`
}

function painted(text: string, severity: Severity, style: Style): string {
  if (severity === 'critical' || severity === 'high') return style.bad(text)
  return severity === 'medium' ? style.warn(text) : style.dim(text)
}
