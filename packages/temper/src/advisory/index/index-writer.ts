import { hexOf, sha256 } from '../../base/digest.ts'
import type { FeedState } from '../../model/advisory/advisory.ts'
import { separator, textOfKey } from './record/row.ts'
import { FileSink } from './storage/file-sink.ts'
import { encodeHeader, headerSize, type IndexMeta, type TableName, tableNames } from './storage/index-file.ts'
import type { RowBatches } from './storage/row-sorter.ts'
import { type TableRef, TableWriter } from './storage/table-writer.ts'

/** Most ecosystems (with their releases) in one index: the real world has some hundred. */
const ecosystemLimit = 20_000

export interface IndexContent {
  /** In the order of the marks in keys. */
  readonly feeds: readonly FeedState[]
  /** Opens the sorted rows of a table; called once for each table, in the order of the file. */
  rows(table: TableName): RowBatches
}

/** An index file that was written. */
export interface WrittenIndex {
  /** Bytes. */
  readonly size: number
  /** SHA-256 in hex of its description, which in turn holds the digest of the rest. */
  readonly digest: string
}

/** Writes an index file that must not be there yet. */
export async function writeIndex(path: string, content: IndexContent): Promise<WrittenIndex> {
  const sink = await FileSink.create(path)
  try {
    sink.add(Buffer.alloc(headerSize))
    const ecosystems = new Set<string>()
    const tables: Partial<Record<TableName, TableRef>> = {}
    for (const name of tableNames) {
      const writer = new TableWriter(sink)
      let last = ''
      for await (const rows of content.rows(name)) {
        for (const row of rows) {
          writer.add(row)
          if (name === 'packages' && (last === '' || !row.key.startsWith(last)))
            last = note(ecosystems, row.key)
        }
        await sink.drain()
      }
      tables[name] = writer.finish()
      await sink.drain()
    }
    return await finishIndex(sink, {
      feeds: content.feeds,
      tables: tables as Record<TableName, TableRef>,
      ecosystems: [...ecosystems].sort(),
      blocks: sink.digest(),
    })
  } finally {
    await sink.close()
  }
}

/** Writes the description behind the blocks, and the header before them. */
export async function finishIndex(sink: FileSink, meta: IndexMeta): Promise<WrittenIndex> {
  const text = Buffer.from(JSON.stringify(meta), 'utf8')
  const metaOffset = sink.add(text)
  const digest = hexOf(sha256(text))
  const header = { metaSize: text.length, metaOffset, fileSize: sink.size, metaDigest: digest }
  await sink.finish(encodeHeader(header))
  return { size: header.fileSize, digest }
}

/** Remembers the ecosystem of a package row; gives what rows of the same one begin with. */
function note(ecosystems: Set<string>, key: string): string {
  const prefix = key.slice(0, key.indexOf(separator) + 1)
  ecosystems.add(textOfKey(prefix.slice(0, -1)))
  if (ecosystems.size > ecosystemLimit) throw new RangeError(`more than ${ecosystemLimit} ecosystems`)
  return prefix
}
