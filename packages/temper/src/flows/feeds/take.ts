import { rm } from 'node:fs/promises'
import { type CoverageClaim, coverageOf } from '../../advisory/coverage/claim.ts'
import type { OpenedFeed } from '../../advisory/feed/open-feed.ts'
import type { SkippedItem } from '../../advisory/feed-item.ts'
import { type CompiledFeed, compileFeed } from '../../advisory/index/compile-feed.ts'
import type { FeedStore } from '../../advisory/index/store/store.ts'
import type { StoredFeed } from '../../advisory/index/store/stored-feed.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { FeedState } from '../../model/advisory/advisory.ts'

/** One feed that is to be put into a store. */
export interface Taken {
  readonly id: string
  readonly opened: OpenedFeed
  /** Called when all records were read. */
  readonly digest: () => Promise<Digest> | Digest
  readonly url?: string
  readonly licence?: string
  /** RFC 3339. */
  readonly fetched: string
  readonly validators?: Pick<StoredFeed, 'etag' | 'lastModified'>
  /** Who says what it covers; default: nobody. */
  readonly claim?: CoverageClaim
}

export interface TakeOptions {
  /** Whether to accept it although it has far fewer records than the one before. */
  readonly acceptSmaller?: boolean
  readonly signal?: AbortSignal
}

/** The outcome for a feed. */
export interface TakenFeed {
  readonly state: FeedState
  readonly skipped: readonly SkippedItem[]
}

/** A feed that shrinks to less than this share of what it was is held to be broken. */
const shrinkLimit = 0.8
/** Below this many records a feed may shrink as it likes. */
const smallFeed = 50
/** More unreadable records than this share mean that it is not what it claims to be. */
const skipLimit = 0.2

/**
 * Reads a feed into an index file of its own, which replaces the previous one unless the feed has no records, is
 * largely unreadable, or has shrunk; then it is refused, and the previous one stays.
 */
export async function takeFeed(store: FeedStore, taken: Taken, options: TakeOptions): Promise<TakenFeed> {
  const part = await store.newPart()
  let state: FeedState | undefined
  const describe = async (summary: Omit<CompiledFeed, 'written'>) => {
    await assertSound(store, { taken, summary }, options)
    state = describeFeed(taken, summary, await taken.digest())
    return state
  }
  const limits = { until: taken.fetched, ...(options.signal === undefined ? {} : { signal: options.signal }) }
  const compiled = await compileFeed(part, { items: taken.opened.items, describe }, limits)
  if (state === undefined) throw new TemperError('internal', `${taken.id}: the feed was not described`)
  const { skippedItems: skipped, written } = compiled
  try {
    await store.put(
      {
        state,
        partDigest: written.digest,
        partSize: written.size,
        ...taken.validators,
        ...(skipped.length === 0 ? {} : { skipped }),
      },
      part,
    )
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  return { state, skipped }
}

function describeFeed(
  { id, opened, url, licence, fetched, claim }: Taken,
  summary: Omit<CompiledFeed, 'written'>,
  digest: Digest,
): FeedState {
  const covers = coverageOf(opened.kind, summary.tally, claim)
  return {
    id,
    kind: opened.kind,
    ...(url === undefined ? {} : { url }),
    ...(licence === undefined ? {} : { licence }),
    fetched,
    ...(summary.date === undefined ? {} : { date: summary.date }),
    ...(summary.since === undefined ? {} : { since: summary.since }),
    count: summary.count,
    ...(summary.skipped === 0 ? {} : { skipped: summary.skipped }),
    digest,
    ...(covers.length === 0 ? {} : { covers }),
  }
}

async function assertSound(
  store: FeedStore,
  { taken, summary }: { readonly taken: Taken; readonly summary: Omit<CompiledFeed, 'written'> },
  options: TakeOptions,
): Promise<void> {
  const { count, skipped, skippedItems } = summary
  const first = skippedItems[0]
  if (count === 0 || (skipped > 20 && skipped > (count + skipped) * skipLimit)) {
    const why = first === undefined ? '' : `; the first: ${first.where}: ${first.reason}`
    throw new TemperError('bad-index', `${taken.id}: ${count} records could be read, ${skipped} not${why}`, {
      hint: 'It is damaged, or a different kind of file. The feed stays as it was.',
      details: { feed: taken.id, count, skipped },
    })
  }
  const before = (await store.soundFeeds()).find(({ state }) => state.id === taken.id)?.state
  if (options.acceptSmaller || before === undefined || before.count < smallFeed) return
  if (count >= before.count * shrinkLimit) return
  throw new TemperError('bad-index', `${taken.id}: it has ${count} records, and had ${before.count} before`, {
    hint: 'Feeds do not shrink like this. The feed stays as it was.',
    next: { action: 'accept-smaller-feed' },
    details: { feed: taken.id, count, before: before.count },
  })
}
