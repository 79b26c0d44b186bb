import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import type { AdvisoryIndex, AsOf, FeedState } from '../../model/advisory.ts'
import { FileIndex } from './file-index.ts'
import { openIndexFile } from './open-file.ts'
import { currentName, indexFolder, parsePointer, snapshotDay } from './store-names.ts'

export interface OpenOptions {
  /** The present, for the age of feeds. */
  readonly now: Date
  /** Seconds after which a feed counts as stale. Default 7 days. */
  readonly staleAfter?: number
  /** A day, YYYY-MM-DD: the state that feeds had at its end. */
  readonly asOf?: string
}

const week = 7 * 86_400

/**
 * Opens what is known: the index of a store (a folder), or one index file. Costs about a millisecond whatever its size.
 * Throws `not-found` when there is none, `bad-index` when it cannot be used.
 */
export function openIndex(path: string, options: OpenOptions): AdvisoryIndex {
  const { file: chosen, asOf } = choose(path, options.asOf)
  const file = openIndexFile(chosen)
  const oldest = options.now.getTime() - (options.staleAfter ?? week) * 1000
  const feeds = asOf === undefined ? file.meta.feeds.map((feed) => withAge(feed, oldest)) : file.meta.feeds
  return new FileIndex(file, { feeds, ...(asOf === undefined ? {} : { asOf }) })
}

/** True for the path of a store of feeds, also an empty one of which nothing was fetched yet. */
function choose(path: string, day: string | undefined): { readonly file: string; readonly asOf?: AsOf } {
  if (!isFolder(path)) return { file: path, ...(day === undefined ? {} : { asOf: { day, exact: false } }) }
  if (day === undefined) return { file: currentIndex(path) }
  const snapshots = readdirSync(join(path, indexFolder))
    .filter((name) => snapshotDay(name) !== undefined)
    .sort()
  const until = snapshots.filter((name) => (snapshotDay(name) ?? '') <= day).at(-1)
  const chosen = until ?? snapshots[0]
  if (chosen === undefined) throw nothingFetched(path)
  return { file: join(path, indexFolder, chosen), asOf: { day, exact: until !== undefined } }
}

/** Path of the index that a store points to. */
export function currentIndex(store: string): string {
  let text: string
  try {
    text = readFileSync(join(store, currentName), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw nothingFetched(store)
    throw fileError('read', join(store, currentName), error)
  }
  return join(store, indexFolder, parsePointer(text, join(store, currentName)).file)
}

function nothingFetched(path: string): TemperError {
  return new TemperError('not-found', `No advisories are known yet: ${path} holds no feeds`, {
    hint: 'Fetch them with "temper feeds update", or take them from files with "temper feeds import".',
    details: { path },
  })
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  } catch (error) {
    throw fileError('read', path, error)
  }
}

function withAge(feed: FeedState, oldest: number): FeedState {
  const fetched = Date.parse(feed.fetched ?? '')
  return Number.isNaN(fetched) || fetched < oldest ? { ...feed, stale: true } : feed
}
