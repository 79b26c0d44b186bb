import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openFeed } from '../../advisory/feed/open-feed.ts'
import { type FeedStore, feedStore } from '../../advisory/index/store/store.ts'
import type { StoredFeed } from '../../advisory/index/store/stored-feed.ts'
import { isWholeIndex } from '../../advisory/index/verify-index.ts'
import { mapLimit } from '../../base/concurrency.ts'
import { TemperError } from '../../base/error.ts'
import { createHttp, type Http } from '../../base/http/http.ts'
import { redactUrl } from '../../base/http/redact.ts'
import { throwIfStopped } from '../../base/stop.ts'
import type { FeedState } from '../../model/advisory/advisory.ts'
import type { Context } from '../context.ts'
import { retentionOf } from './configuration.ts'
import { downloadFeed } from './download.ts'
import { digestOfFile } from './import.ts'
import { type FeedSource, feedSources } from './sources.ts'
import { storeFolder } from './store.ts'
import { takeFeed } from './take.ts'

export interface UpdateRequest {
  /** Ids of feeds, or prefixes of ids ("osv", "alpine-secdb/v3.20"); none: all configured feeds. */
  readonly only: readonly string[]
  readonly feeds?: string
  readonly acceptSmaller?: boolean
}

/** The outcome for one feed. */
export interface UpdatedFeed {
  readonly id: string
  /** "absent": its publisher has no such file (yet). */
  readonly outcome: 'new' | 'updated' | 'unchanged' | 'absent' | 'failed'
  readonly state?: FeedState
  readonly error?: TemperError
}

/** Downloads at once. */
const parallel = 3

/**
 * Fetches every configured feed that has changed, and rebuilds the index. A feed that cannot be fetched or is broken
 * is reported; what was there before stays, and the others go on.
 */
export async function updateFeeds(request: UpdateRequest, context: Context): Promise<readonly UpdatedFeed[]> {
  if (context.offline) {
    throw new TemperError('offline', 'Feeds cannot be fetched: the network must not be used', {
      next: { action: 'import-feeds' },
    })
  }
  const store = feedStore(storeFolder(context, request.feeds))
  const http = createHttp({ fetch: context.fetch, signal: context.signal })
  const all = feedSources(context.feeds, http)
  const sources = chosen(all, request.only)
  const present = new Map((await store.soundFeeds()).map((feed) => [feed.state.id, feed]))
  const task = context.progress.start('Updating feeds', { total: sources.length, unit: 'items' })
  try {
    const updated = await mapLimit(sources, parallel, async (source) => {
      const result = await updateOne(source, present.get(source.id), { store, http, context, request })
      task.advance(1, source.id)
      return result
    })
    throwIfStopped(context.signal)
    refuseUnreachable(updated)
    for (const { id, error } of updated)
      if (error !== undefined)
        context.progress.warn(error.message.includes(id) ? error.message : `${id}: ${error.message}`)
    // Where nothing is, an index of nothing would say that on this day nothing was known of anything.
    if (present.size > 0 || updated.some(({ state }) => state !== undefined))
      await store.publish({ now: context.now(), retention: retentionOf(context), signal: context.signal })
    return updated
  } finally {
    task.done()
  }
}

/** Where no address answers, one sentence says more than one for each feed. */
function refuseUnreachable(updated: readonly UpdatedFeed[]): void {
  const [first] = updated
  if (
    updated.length < 2 ||
    first?.error === undefined ||
    updated.some(({ error }) => error?.code !== 'network')
  )
    return
  throw new TemperError(
    'network',
    `None of the ${updated.length} feeds can be reached; ${first.id}: ${first.error.message}`,
    { next: { action: 'carry-feeds' }, details: { feeds: updated.map(({ id }) => id) }, cause: first.error },
  )
}

function chosen(all: readonly FeedSource[], only: readonly string[]): readonly FeedSource[] {
  const matches = (id: string, name: string) => id === name || id.startsWith(`${name}/`)
  const unknown = only.find((name) => !all.some(({ id }) => matches(id, name)))
  if (unknown !== undefined) {
    throw new TemperError('bad-usage', `No feed is called "${unknown}"`, {
      hint: `The configured feeds are: ${familiesOf(all).join(', ')}`,
    })
  }
  if (all.length === 0) {
    throw new TemperError('bad-configuration', 'Every source of feeds is switched off', {
      hint: 'See "feeds" in docs/reference/configuration.md.',
    })
  }
  return only.length === 0 ? all : all.filter(({ id }) => only.some((name) => matches(id, name)))
}

/** "osv/npm, osv/Go" are told as "osv/…": there are dozens. */
function familiesOf(all: readonly FeedSource[]): readonly string[] {
  return [...new Set(all.map(({ id }) => (id.includes('/') ? `${id.slice(0, id.indexOf('/'))}/…` : id)))]
}

interface World {
  readonly store: FeedStore
  readonly http: Http
  readonly context: Context
  readonly request: UpdateRequest
}

async function updateOne(
  source: FeedSource,
  before: StoredFeed | undefined,
  world: World,
): Promise<UpdatedFeed> {
  const { id } = source
  try {
    return await fetchAndTake(source, before, world)
  } catch (error) {
    if (!(error instanceof TemperError) || error.code === 'interrupted' || error.code === 'internal')
      throw error
    return { id, outcome: 'failed', error, ...(before === undefined ? {} : { state: before.state }) }
  }
}

async function fetchAndTake(
  source: FeedSource,
  before: StoredFeed | undefined,
  { store, http, context, request }: World,
): Promise<UpdatedFeed> {
  const { id, optional, licence, family } = source
  const url = typeof source.url === 'string' ? source.url : await source.url()
  if (url === undefined) return { id, outcome: 'absent' }
  const task = context.progress.start(`Fetching ${id}`, { unit: 'bytes' })
  const fetched = `${context.now().toISOString().slice(0, 19)}Z`
  const shown = redactUrl(url)
  try {
    const got = await downloadFeed(http, {
      id,
      url,
      folder: join(store.path, 'downloads'),
      signal: context.signal,
      now: context.now().getTime(),
      onBytes: (count) => task.advance(count),
      ...(optional === undefined ? {} : { optional }),
      // What was said of another address says nothing of this one, and a damaged file has to come anew.
      ...(before?.state.url === shown && (await isWholeIndex(store.partPath(before), before.partDigest))
        ? { known: before }
        : {}),
    })
    if (got.kind !== 'file') {
      if (got.kind === 'absent') return { id, outcome: 'absent' }
      if (before === undefined)
        throw new TemperError(
          'network',
          `${id}: the server says that nothing changed, but nothing was stored before`,
        )
      await store.touch(before, fetched)
      return { id, outcome: 'unchanged', state: { ...before.state, fetched } }
    }
    const { path, validators } = got
    try {
      const opened = await openFeed(path, id)
      if (opened === 'index')
        throw new TemperError('bad-index', `${id}: it is a file that Temper exported: import it instead`)
      const taken = await takeFeed(
        store,
        {
          id,
          opened,
          url: shown,
          licence,
          fetched,
          validators,
          digest: () => digestOfFile(path),
          claim: { by: 'publisher', ...(family === undefined ? {} : { family }) },
        },
        { signal: context.signal, acceptSmaller: request.acceptSmaller === true },
      )
      return { id, outcome: before === undefined ? 'new' : 'updated', state: taken.state }
    } finally {
      await rm(path, { force: true })
    }
  } finally {
    task.done()
  }
}
