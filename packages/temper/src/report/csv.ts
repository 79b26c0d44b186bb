import { printable } from '../base/printable.ts'
import type { Finding, SuppressedFinding } from '../model/advisory/finding.ts'
import type { ScanReport } from '../model/advisory/scan-report.ts'
import { isComplete, upgradeOf, violationsOf } from '../model/advisory/scan-report.ts'
import { doubtText, summarise } from './summary.ts'

const head = [
  ...[
    'target',
    'digest',
    'platform',
    'id',
    'aliases',
    'type',
    'package',
    'version',
    'source',
    'purl',
    'location',
  ],
  ...[
    'severity',
    'score',
    'vector',
    'kev',
    'epss',
    'priority',
    'priority_reason',
    'fixed_versions',
    'upgrade_to',
  ],
  ...['status', 'reason', 'suppressed_by', 'breaks', 'published', 'fix_published', 'feeds', 'title'],
  ...['scanned', 'advisories_of', 'complete'],
]

/**
 * RFC 4180 with line feeds: one row for each finding, suppressed ones when they are shown. Where there is none
 * although not everything could be compared, one row says so: an empty table would look like good news.
 */
export function scansCsv(reports: readonly ScanReport[]): string {
  return [...csvPieces(reports)].join('')
}

/** The same, row by row. */
export function* csvPieces(reports: readonly ScanReport[]): Generator<string, void, void> {
  yield line(head)
  for (const report of reports) {
    const { findings, suppressed } = report.result
    const shown = report.showSuppressed ? [...findings, ...suppressed] : findings
    const doubt = doubtText(summarise(report.result))
    if (shown.length === 0 && doubt !== undefined) yield line(doubtRow(doubt, report))
    const complete = isComplete(report.result) ? 'yes' : 'no'
    for (const finding of shown) yield line([...row(finding, report), complete])
  }
}

function line(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\n`
}

/** All cells but the last, which is the same for all rows and takes a look at each component. */
function row(
  finding: Finding | SuppressedFinding,
  { result, verdict, times }: ScanReport,
): readonly string[] {
  const { component } = finding
  const broken = violationsOf(finding, verdict) ?? []
  const { target } = result
  return [
    ...[target.name, target.digest ?? '', target.platform ?? ''],
    ...[finding.id, finding.aliases.join(' '), component.type, component.name, component.version],
    ...[component.source?.name ?? '', component.purl, component.locations[0]?.path ?? ''],
    ...[finding.severity, String(finding.score ?? ''), finding.vector ?? ''],
    ...[finding.exploited === undefined ? 'no' : 'yes', String(finding.prediction?.score ?? '')],
    ...[finding.priority.level, finding.priority.why, finding.fixedVersions.join(' ')],
    ...[upgradeOf(finding, result.upgrades)?.to ?? '', finding.status, finding.reason],
    'suppressedBy' in finding ? `${finding.suppressedBy.kind} ${finding.suppressedBy.source}` : '',
    broken.map((violation) => violation.rule).join(' '),
    ...[finding.published ?? '', finding.fixPublished ?? '', finding.feeds.join(' '), finding.title ?? ''],
    ...[times.finished, result.asOf ?? ''],
  ]
}

function doubtRow(doubt: string, { result: { target, asOf }, times }: ScanReport): readonly string[] {
  const known: Readonly<Record<string, string>> = {
    target: target.name,
    digest: target.digest ?? '',
    platform: target.platform ?? '',
    status: 'incomplete',
    reason: doubt,
    scanned: times.finished,
    advisories_of: asOf ?? '',
    complete: 'no',
  }
  return head.map((name) => known[name] ?? '')
}

/**
 * A quoted cell. Spreadsheets take a cell that begins with one of `=+-@` for a formula, also behind blanks and
 * quotes: an apostrophe in front keeps it text.
 */
function cell(value: string): string {
  const text = printable(value)
    .toWellFormed()
    .replaceAll(/[\t\n]+/g, ' ')
  // Full-width forms of the same signs count in some spreadsheets.
  const safe = /^[\s'"]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
