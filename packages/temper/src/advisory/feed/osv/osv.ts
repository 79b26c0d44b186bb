import type { ByteStream } from '../../../base/bytes.ts'
import type { FeedItem } from '../../feed-item.ts'
import { parseRecord } from '../document.ts'
import { jsonPieces } from '../json-members.ts'
import { linesOf } from '../lines.ts'
import { skipped } from '../skipped.ts'
import { parseOsvRecord } from './record.ts'

/** Limit on the bytes of one record; the largest real ones (kernels, with every version listed) have a few MB. */
export const recordLimit = 32 * 1024 * 1024

/** The item for one record; for a bad record, one that says so. */
export function osvItem(text: string, where: string): FeedItem {
  try {
    return { kind: 'advisory', advisory: parseOsvRecord(parseRecord(text, where)) }
  } catch (error) {
    return skipped(where, error)
  }
}

/** Records as NDJSON: one in each line. */
export async function* osvLines(source: ByteStream, what: string): AsyncGenerator<FeedItem, void, void> {
  let number = 0
  for await (const lines of linesOf(source, { what, limit: recordLimit })) {
    for (const line of lines) {
      number++
      if (line.trim() !== '') yield osvItem(line, `line ${number}`)
    }
  }
}

/** Records as elements of one JSON array, or one after the other. */
export async function* osvValues(
  source: ByteStream,
  options: { readonly what: string; readonly mode: 'values' | 'members' },
): AsyncGenerator<FeedItem, void, void> {
  let number = 0
  for await (const { text } of jsonPieces(source, { ...options, limit: recordLimit })) {
    yield osvItem(text, `record ${++number}`)
  }
}
