import { stat } from 'node:fs/promises'
import type { SkippedItem } from '../../advisory/feed-item.ts'
import { openIndex } from '../../advisory/index/open-index.ts'
import { feedStore } from '../../advisory/index/store/store.ts'
import type { FeedState } from '../../model/advisory/advisory.ts'
import type { Context } from '../context.ts'
import { isStore, staleAfterOf, storeFolder } from './store.ts'

export interface FeedsStatus {
  /** Folder of the store. */
  readonly path: string
  /** Sorted by id, with `stale` set on those that are too old. */
  readonly feeds: readonly (FeedState & { readonly examples?: readonly SkippedItem[] })[]
  /** Bytes of the index that look-ups read. */
  readonly indexSize: number
  /** Days whose exact state a scan can use, oldest first, YYYY-MM-DD. */
  readonly days: readonly string[]
}

/** What the store holds, and how old it is. Throws `not-found` when nothing was ever fetched. */
export async function feedsStatus(
  request: { readonly feeds?: string },
  context: Context,
): Promise<FeedsStatus> {
  const path = storeFolder(context, request.feeds)
  const options = { now: context.now(), staleAfter: staleAfterOf(context) }
  const index = openIndex(path, options)
  try {
    if (!(await isStore(path)))
      return { path, feeds: index.feeds, indexSize: (await stat(path)).size, days: [] }
    const store = feedStore(path)
    const stored = new Map((await store.feeds()).map((feed) => [feed.state.id, feed]))
    const { size, days } = await store.indices()
    const feeds = index.feeds.map((feed) => {
      const examples = stored.get(feed.id)?.skipped
      return examples === undefined ? feed : { ...feed, examples }
    })
    return { path, feeds, indexSize: size, days }
  } finally {
    index.close()
  }
}
