import { rm } from 'node:fs/promises'
import { TemperError } from '../../base/error.ts'
import { throwIfStopped } from '../../base/stop.ts'
import { type WrittenIndex, writeIndex } from './index-writer.ts'
import { mergeRows } from './merge-rows.ts'
import { feedLimit, feedOfKey, withFeed } from './record/keys.ts'
import type { Row } from './record/row.ts'
import { badIndexFile } from './storage/index-error.ts'
import type { TableName } from './storage/index-file.ts'
import { type IndexFile, openIndexFile } from './storage/open-file.ts'

/** One feed of one index file. */
export interface FeedPart {
  readonly path: string
  /** Its position in the file's list of feeds. */
  readonly position: number
}

/**
 * Writes an index of feeds that lie in other index files, to `path`, which must not be there yet. Only keys are
 * decoded, so that this costs little more than copying.
 */
export async function mergeIndexes(
  path: string,
  parts: readonly FeedPart[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<WrittenIndex> {
  if (parts.length > feedLimit)
    throw new TemperError('limit-exceeded', `An index holds at most ${feedLimit} feeds, not ${parts.length}`)
  const files: IndexFile[] = []
  try {
    for (const part of parts) files.push(openIndexFile(part.path, { cacheSize: 0 }))
    const feeds = parts.map(({ position, path: from }, index) => {
      const feed = files[index]?.meta.feeds[position]
      if (feed === undefined) throw badIndexFile(from, `it has no feed ${position}`)
      return feed
    })
    const rows = (table: TableName) =>
      mergeRows(
        files.map((file, index) =>
          rowsOf(file, table, { from: parts[index]?.position ?? 0, to: index, signal: options.signal }),
        ),
      )
    return await writeIndex(path, { feeds, rows })
  } catch (error) {
    await rm(path, { force: true })
    if (error instanceof RangeError) throw badIndexFile(parts[0]?.path ?? path, error.message)
    throw error
  } finally {
    for (const file of files) file.close()
  }
}

/** Rows of one feed, marked with its new position. */
async function* rowsOf(
  file: IndexFile,
  table: TableName,
  feed: { readonly from: number; readonly to: number; readonly signal: AbortSignal | undefined },
): AsyncGenerator<readonly Row[], void, void> {
  for (const rows of file.tables[table].blocks()) {
    throwIfStopped(feed.signal)
    const own = file.meta.feeds.length === 1 ? rows : rows.filter(({ key }) => feedOfKey(key) === feed.from)
    yield feed.from === feed.to ? own : own.map(({ key, value }) => ({ key: withFeed(key, feed.to), value }))
  }
}
