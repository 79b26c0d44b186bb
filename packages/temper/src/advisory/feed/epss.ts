import type { ByteStream } from '../../base/bytes.ts'
import type { FeedItem } from '../feed-item.ts'
import { notThat } from './document.ts'
import { linesOf } from './lines.ts'
import { moment } from './name.ts'

const lineLimit = 10_000

interface Columns {
  readonly separator: string
  readonly id: number
  readonly score: number
  readonly percentile: number
}

/**
 * FIRST's EPSS scores as text with a heading of columns, separated by commas or tabs: "cve", "epss" and "percentile"
 * are read, in any order. A comment before the heading states the date ("#model_version:…,score_date:…").
 */
export async function* epss(source: ByteStream, what: string): AsyncGenerator<FeedItem, void, void> {
  let columns: Columns | undefined
  let number = 0
  for await (const lines of linesOf(source, { what, limit: lineLimit })) {
    for (const text of lines) {
      number++
      const line = text.endsWith('\r') ? text.slice(0, -1) : text
      if (line === '') continue
      if (line.startsWith('#')) {
        const date = moment(zoned(/score_date:([^,\s]+)/.exec(line)?.[1]))
        if (date !== undefined) yield { kind: 'dated', date }
      } else if (columns === undefined) columns = readHeading(line, what)
      else
        yield readLine(line, columns) ?? {
          kind: 'skipped',
          where: `line ${number}`,
          reason: 'it is not a score',
        }
    }
  }
  if (columns === undefined) throw notThat(what, 'it has no heading')
}

/** Older files write the offset as "+0000". */
function zoned(text: string | undefined): string | undefined {
  return text?.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')
}

function readHeading(line: string, what: string): Columns {
  const separator = line.includes('\t') ? '\t' : ','
  const names = line.split(separator).map((name) => name.trim().toLowerCase())
  const columns = {
    separator,
    id: names.indexOf('cve'),
    score: names.indexOf('epss'),
    percentile: names.indexOf('percentile'),
  }
  if (columns.id < 0 || columns.score < 0 || columns.percentile < 0)
    throw notThat(what, 'its heading does not name the columns cve, epss and percentile')
  return columns
}

function readLine(line: string, columns: Columns): FeedItem | undefined {
  const cells = line.split(columns.separator)
  const id = cells[columns.id] ?? ''
  const score = probability(cells[columns.score])
  const percentile = probability(cells[columns.percentile])
  if (!/^CVE-\d{4}-\d{4,19}$/.test(id) || score === undefined || percentile === undefined) return undefined
  return { kind: 'prediction', id, value: { score, percentile } }
}

function probability(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE]-?\d{1,3})?$/.test(text)) return undefined
  const value = Number(text)
  return value >= 0 && value <= 1 ? value : undefined
}
