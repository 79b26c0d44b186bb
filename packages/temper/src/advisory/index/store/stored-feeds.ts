import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { TemperError } from '../../../base/error.ts'
import { fileError, readFileIfExists } from '../../../base/file.ts'
import type { FeedState } from '../../../model/advisory/advisory.ts'
import { openIndexFile } from '../storage/open-file.ts'
import { readStoredFeed, type StoredFeed } from './stored-feed.ts'

/** Feeds of a store that are described, sorted by id. */
export interface StoredFeeds {
  readonly feeds: readonly StoredFeed[]
  /** For each feed whose description cannot be restored, what is wrong with the file. */
  readonly lost: readonly TemperError[]
}

/**
 * Reads what is known about the feeds in a folder. A damaged description is restored from the feed's own index file,
 * which is verified, and from `states`. Then only the server's validators are lost, so that the feed is fetched again
 * the next time.
 */
export async function readStoredFeeds(folder: string, states: readonly FeedState[]): Promise<StoredFeeds> {
  const feeds: StoredFeed[] = []
  const lost: TemperError[] = []
  const names = await listed(folder)
  for (const name of names) {
    if (!name.endsWith('.json') || name.startsWith('.')) continue
    const bytes = await readFileIfExists(join(folder, name))
    // Another process may have removed it since it was listed.
    if (bytes === undefined) continue
    try {
      feeds.push(readStoredFeed(bytes, join(folder, name)))
    } catch (error) {
      if (!(error instanceof TemperError)) throw error
      const stem = `${name.slice(0, -'.json'.length)}-`
      const parts = names.filter((part) => part.startsWith(stem) && part.endsWith('.part'))
      const feed = parts.flatMap((part) => describedBy(folder, part, states)).at(-1)
      if (feed === undefined) lost.push(error)
      else feeds.push(feed)
    }
  }
  return { feeds: feeds.sort((a, b) => (a.state.id < b.state.id ? -1 : 1)), lost }
}

/** What an index file of one feed says of it: nothing when it is damaged too. */
function describedBy(folder: string, part: string, states: readonly FeedState[]): StoredFeed[] {
  try {
    const file = openIndexFile(join(folder, part))
    try {
      const [feed] = file.meta.feeds
      if (feed === undefined) return []
      const state = states.find(({ id, digest }) => id === feed.id && digest === feed.digest) ?? feed
      return [{ state, part, partDigest: file.digest, partSize: file.size }]
    } finally {
      file.close()
    }
  } catch (error) {
    if (error instanceof TemperError) return []
    throw error
  }
}

/** Names in a folder; none when it is not there. */
export async function listed(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw fileError('read', folder, error)
  }
}
