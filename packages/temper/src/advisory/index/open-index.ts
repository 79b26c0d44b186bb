import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import type { AdvisoryIndex, AsOf, FeedState } from '../../model/advisory/advisory.ts'
import { FileIndex } from './storage/file-index.ts'
import { type IndexFile, openIndexFile } from './storage/open-file.ts'
import { currentName, indexFolder, type Pointer, parsePointer, snapshotDay } from './store/names.ts'

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
  const { file, asOf, feeds } = openChosen(path, options.asOf)
  const known = feeds?.length === file.meta.feeds.length ? feeds : file.meta.feeds
  if (asOf !== undefined) return new FileIndex(file, { feeds: known, asOf })
  const oldest = options.now.getTime() - (options.staleAfter ?? week) * 1000
  return new FileIndex(file, { feeds: known.map((feed) => withAge(feed, oldest)) })
}

/** Another process may replace and remove what was chosen before it is open: then there is a newer one. */
function openChosen(path: string, day: string | undefined): Choice & { readonly file: IndexFile } {
  for (let tries = 3; ; tries--) {
    const choice = choose(path, day)
    try {
      return { ...choice, file: openIndexFile(choice.path) }
    } catch (error) {
      const isGone = error instanceof TemperError && error.code === 'not-found' && choice.path !== path
      if (!isGone || tries === 0) throw error
    }
  }
}

interface Choice {
  readonly path: string
  readonly asOf?: AsOf
  /** The feeds as the store knows them now; the index file has their state from when it was built. */
  readonly feeds?: readonly FeedState[]
}

function choose(path: string, day: string | undefined): Choice {
  if (!isFolder(path)) return { path, ...(day === undefined ? {} : { asOf: { day, exact: false } }) }
  const folder = join(path, indexFolder)
  if (day === undefined) {
    const { file, feeds } = currentPointer(path)
    return { path: join(folder, file), feeds }
  }
  const built = snapshots(folder)
  const until = built.filter((name) => (snapshotDay(name) ?? '') <= day).at(-1)
  const chosen = until ?? built[0]
  if (chosen === undefined) throw nothingFetched(path)
  return {
    path: join(folder, chosen),
    asOf: { day, exact: until !== undefined, built: snapshotDay(chosen) ?? day },
  }
}

/** Indices of a store, oldest first. */
function snapshots(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => snapshotDay(name) !== undefined)
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw fileError('read', folder, error)
  }
}

/** What a store's `current.json` says. Throws `not-found` when nothing was ever fetched, `bad-index` when it is damaged. */
export function currentPointer(store: string): Pointer {
  const path = join(store, currentName)
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw nothingFetched(store)
    throw fileError('read', path, error)
  }
  return parsePointer(bytes, path)
}

function nothingFetched(path: string): TemperError {
  return new TemperError('not-found', `There are no advisories yet: ${path} holds no feeds`, {
    next: { action: 'update-feeds' },
    details: { path },
  })
}

/** Also true for what is not there: a store to which nothing was fetched yet. */
function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? true
  } catch (error) {
    throw fileError('read', path, error)
  }
}

function withAge(feed: FeedState, oldest: number): FeedState {
  // What was published under a name stays that.
  if (feed.kind === 'archives') return feed
  const fetched = Date.parse(feed.fetched ?? '')
  return Number.isNaN(fetched) || fetched < oldest ? { ...feed, stale: true } : feed
}
