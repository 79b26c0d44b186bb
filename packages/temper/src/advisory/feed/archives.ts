import type { ByteStream } from '../../base/bytes.ts'
import type { FeedItem } from '../feed-item.ts'
import { notThat } from './document.ts'
import { linesOf } from './lines.ts'
import { isName } from './name.ts'

const lineLimit = 10_000

/** Columns of the heading, in any order. */
const columnNames = ['sha1', 'group', 'artifact', 'version'] as const

/** Whether a line is the heading of such a list. */
export function isArchivesHeading(line: string): boolean {
  const names = line.trim().toLowerCase().split('\t')
  return columnNames.every((name) => names.includes(name))
}

/**
 * Names of Java archives by SHA-1, as text with a heading and tabs between columns: "sha1", "group", "artifact" and
 * "version" are read, in any order. Lines that begin with "#" are comments.
 */
export async function* archives(source: ByteStream, what: string): AsyncGenerator<FeedItem, void, void> {
  let columns: readonly number[] | undefined
  let number = 0
  for await (const lines of linesOf(source, { what, limit: lineLimit })) {
    for (const text of lines) {
      number++
      const line = text.endsWith('\r') ? text.slice(0, -1) : text
      if (line === '' || line.startsWith('#')) continue
      if (columns !== undefined)
        yield readLine(line, columns) ?? {
          kind: 'skipped',
          where: `line ${number}`,
          reason: 'it names no archive',
        }
      else if (isArchivesHeading(line)) {
        const names = line.trim().toLowerCase().split('\t')
        columns = columnNames.map((name) => names.indexOf(name))
      } else throw notThat(what, 'its heading does not name the columns sha1, group, artifact and version')
    }
  }
  if (columns === undefined) throw notThat(what, 'it has no heading')
}

function readLine(line: string, columns: readonly number[]): FeedItem | undefined {
  const cells = line.split('\t')
  const [sha1 = '', group = '', artifact = '', version = ''] = columns.map((at) => cells[at]?.trim())
  return archiveItem({ sha1, group, artifact, version })
}

/** Undefined where the SHA-1 or the coordinates are not valid. */
export function archiveItem(of: {
  readonly sha1: string
  readonly group: string
  readonly artifact: string
  readonly version: string
}): FeedItem | undefined {
  const sha1 = of.sha1.toLowerCase()
  const parts = [of.group, of.artifact, of.version]
  if (!/^[0-9a-f]{40}$/.test(sha1) || !parts.every((part) => isName(part) && !/[\s:]/.test(part)))
    return undefined
  return { kind: 'archive', sha1, value: { name: `${of.group}:${of.artifact}`, version: of.version } }
}
