import { TemperError } from '../../../base/error.ts'
import { joinedPieces, jsonTextPieces } from '../../../base/json/pieces.ts'
import { ownMember } from '../../../base/own-member.ts'
import type { ScanReport } from '../../../model/advisory/scan-report.ts'
import { scansDocument } from '../../../report/json/json.ts'
import type { ScanTextOptions } from './scan.ts'

/** What `temper scan` can write. */
export const scanFormats = [
  'terminal',
  'json',
  'sarif',
  'cyclonedx-vex',
  'in-toto',
  'junit',
  'gitlab',
  'csv',
  'html',
  'markdown',
] as const

export type ScanFormat = (typeof scanFormats)[number]

export function isScanFormat(text: string): text is ScanFormat {
  return scanFormats.some((format) => format === text)
}

/** The format that a file's name asks for; undefined for names that say nothing. */
export function formatOfFile(file: string): ScanFormat | undefined {
  const name = file.toLowerCase()
  if (/\.(cdx|vex)\.json$/.test(name)) return 'cyclonedx-vex'
  if (/\.intoto\.json(l)?$/.test(name)) return 'in-toto'
  if (/(^|\/)gl-container-scanning-report\.json$/.test(name)) return 'gitlab'
  const endings: Readonly<Record<string, ScanFormat>> = {
    sarif: 'sarif',
    json: 'json',
    xml: 'junit',
    csv: 'csv',
    html: 'html',
    md: 'markdown',
    txt: 'terminal',
  }
  return ownMember(endings, name.slice(name.lastIndexOf('.') + 1))
}

/** A report as the text of a document, in pieces: it may be longer than one string can be. Each format is loaded when it is written. */
export async function writeScan(
  format: ScanFormat,
  reports: readonly ScanReport[],
  options: ScanTextOptions,
): Promise<Iterable<string>> {
  switch (format) {
    case 'terminal':
      return (await import('./scan.ts')).scansTexts(reports, options)
    case 'json':
      return indented(scansDocument(reports))
    case 'sarif':
      return indented((await import('../../../report/sarif/sarif.ts')).sarifDocument(reports))
    case 'cyclonedx-vex':
      return indented(
        (await import('../../../report/cyclonedx-vex.ts')).cycloneDxDocument(only(reports, format)),
      )
    case 'in-toto':
      return indented((await import('../../../report/in-toto.ts')).scanStatement(only(reports, format)))
    case 'junit':
      return joinedPieces((await import('../../../report/junit.ts')).junitPieces(reports))
    case 'gitlab':
      return indented((await import('../../../report/gitlab.ts')).gitlabDocument(reports))
    case 'csv':
      return joinedPieces((await import('../../../report/csv.ts')).csvPieces(reports))
    case 'html':
      return [(await import('../../../report/html/html.ts')).scansHtml(reports)]
    case 'markdown':
      return [(await import('../../../report/markdown/markdown.ts')).scansMarkdown(reports)]
  }
}

function* indented(document: unknown): Generator<string, void, void> {
  yield* jsonTextPieces(document, 2)
  yield '\n'
}

/** Documents that are about one subject. */
function only(reports: readonly ScanReport[], format: ScanFormat): ScanReport {
  const [report] = reports
  if (report !== undefined && reports.length === 1) return report
  throw new TemperError(
    'bad-usage',
    `A document in the format ${format} is about one target, found ${reports.length}`,
    {
      hint: 'Scan the targets one by one, or choose another format.',
    },
  )
}
