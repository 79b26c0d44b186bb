import { createHash } from 'node:crypto'
import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { TemperError } from '../../../base/error.ts'
import {
  fileError,
  isThere,
  makeFolder,
  readFileIfExists,
  temporaryPath,
  writeFileAtomic,
} from '../../../base/file.ts'
import { canonicalJson } from '../../../base/json/canonical-json.ts'
import { mergeIndexes } from '../merge-indexes.ts'
import {
  currentName,
  formatPointer,
  indexFolder,
  type Pointer,
  parsePointer,
  snapshotDay,
  snapshotName,
  sourcesFolder,
} from './names.ts'
import { pruneSnapshots, type Retention } from './retention.ts'
import { sealedJson } from './sealed-json.ts'
import type { StoredFeed } from './stored-feed.ts'
import { listed, readStoredFeeds } from './stored-feeds.ts'

/**
 * A folder of feeds: for each a JSON file and an index file of its own, and indices of all of them together, of which
 * `current.json` names the present one. Index files never change; JSON files are replaced as a whole. So any number of
 * processes may read and write at once, and one that is killed leaves at most files that nobody names.
 */
export interface FeedStore {
  readonly path: string
  /**
   * What is known about each feed, by id. Throws `bad-index` when a feed is lost, since an index without it would
   * miss its records silently.
   */
  feeds(): Promise<readonly StoredFeed[]>
  /** The same without lost feeds, for replacing those. */
  soundFeeds(): Promise<readonly StoredFeed[]>
  /** Path of a feed's own index file. */
  partPath(feed: StoredFeed): string
  /** A new name in the store's folder of feeds, for an index file that is being made. */
  newPart(): Promise<string>
  /** Puts a feed in place of the one of the same id, if any; `part` is moved. */
  put(feed: Omit<StoredFeed, 'part'>, part: string): Promise<void>
  /** Notes that a feed was checked and is unchanged. */
  touch(feed: StoredFeed, fetched: string): Promise<void>
  /** Removes a feed, even a damaged one. False when there is none. */
  remove(id: string): Promise<boolean>
  /** Makes `current.json` name an index of all present feeds. True when a new one was built. */
  publish(options: PublishOptions): Promise<boolean>
  /** Undefined when nothing was published, or the pointer is damaged. */
  pointer(): Promise<Pointer | undefined>
  /** The size of the present index, and the days that indices are kept of, oldest first. */
  indices(): Promise<{ readonly size: number; readonly days: readonly string[] }>
}

export interface PublishOptions {
  readonly now: Date
  readonly retention: Retention
  readonly signal?: AbortSignal
  /** Set when the present index is damaged, so that it is rebuilt even if its feeds are unchanged. */
  readonly afresh?: boolean
}

/** Tries to keep up with other processes that change feeds meanwhile. */
const publishTries = 5

export function feedStore(path: string): FeedStore {
  const sources = join(path, sourcesFolder)
  const partPath = (feed: StoredFeed) => join(sources, feed.part)
  const pointer = () => readPointer(join(path, currentName))
  const stored = async () => readStoredFeeds(sources, (await pointer())?.feeds ?? [])
  const feeds = async () => {
    const { feeds: sound, lost } = await stored()
    if (lost[0] !== undefined) throw lost[0]
    return sound
  }
  const soundFeeds = async () => (await stored()).feeds
  const write = (feed: StoredFeed) => {
    const name = `${slug(feed.state.id)}.json`
    return writeFileAtomic(join(sources, name), sealedJson(name, feed))
  }
  return {
    path,
    feeds,
    soundFeeds,
    partPath,
    pointer,
    async newPart() {
      await made(sources)
      return temporaryPath(join(sources, 'part'))
    },
    async put(feed, part) {
      const before = (await soundFeeds()).find(({ state }) => state.id === feed.state.id)
      const name = `${slug(feed.state.id)}-${feed.partDigest.slice(0, 16)}.part`
      await moved(part, join(sources, name))
      await write({ ...feed, part: name })
      if (before !== undefined && before.part !== name) await rm(partPath(before), { force: true })
    },
    touch: (feed, fetched) => write({ ...feed, state: { ...feed.state, fetched } }),
    async remove(id) {
      const own = (await listed(sources)).filter(
        (name) => name === `${slug(id)}.json` || (name.startsWith(`${slug(id)}-`) && name.endsWith('.part')),
      )
      for (const name of own) await rm(join(sources, name), { force: true })
      return own.length > 0
    },
    async indices() {
      const folder = join(path, indexFolder)
      const file = (await pointer())?.file
      const days = (await listed(folder)).flatMap((name) => snapshotDay(name) ?? [])
      const size = file === undefined ? 0 : (await stat(join(folder, file))).size
      return { size, days: [...new Set(days)].sort() }
    },
    publish: (options) => publishAll({ path, feeds, pointer, partPath }, options),
  }
}

async function publishAll(
  store: Pick<FeedStore, 'path' | 'feeds' | 'pointer' | 'partPath'>,
  options: PublishOptions,
): Promise<boolean> {
  const { path, partPath } = store
  let built = false
  for (let tries = 0; tries < publishTries; tries++) {
    const all = await store.feeds()
    const present = await store.pointer()
    const afresh: boolean = options.afresh === true && !built
    if (present !== undefined && isOf(present, all) && !afresh) break
    const again = tries < publishTries - 1
    const done: boolean = await publishOnce({ path, all, present, partPath }, { ...options, afresh }).catch(
      (error: unknown) => {
        // A part that was listed is gone: another process has put a newer one.
        if (again && error instanceof TemperError && error.code === 'not-found') return false
        throw error
      },
    )
    built = done || built
    // Others may have put feeds meanwhile, or have named an index of fewer: look again.
  }
  await pruneSnapshots(join(path, indexFolder), { ...options, keep: (await store.pointer())?.file })
  return built
}

async function publishOnce(
  store: {
    readonly path: string
    readonly all: readonly StoredFeed[]
    readonly present: Pointer | undefined
    partPath(feed: StoredFeed): string
  },
  { now, signal, afresh }: PublishOptions,
): Promise<boolean> {
  const state = contentOf(store.all)
  const folder = join(store.path, indexFolder)
  let file = store.present?.file
  const known =
    afresh !== true &&
    file !== undefined &&
    store.present?.state === state &&
    (await isThere(join(folder, file)))
  if (!known || file === undefined) {
    file = snapshotName(now, state)
    await made(folder)
    const temporary = temporaryPath(join(folder, file))
    const parts = store.all.map((feed) => ({ path: store.partPath(feed), position: 0 }))
    await mergeIndexes(temporary, parts, signal === undefined ? {} : { signal })
    await moved(temporary, join(folder, file))
  }
  const pointer: Pointer = { file, state, feeds: store.all.map((feed) => feed.state) }
  await writeFileAtomic(join(store.path, currentName), formatPointer(pointer))
  return !known
}

/** What an index depends on: feeds and their contents, not when they were last looked at. */
function contentOf(feeds: readonly StoredFeed[]): string {
  const hash = createHash('sha256')
  for (const { state, partDigest } of feeds) hash.update(`${state.id}\0${partDigest}\n`)
  return hash.digest('hex')
}

function isOf(present: Pointer, feeds: readonly StoredFeed[]): boolean {
  const states = feeds.map(({ state }) => state)
  return present.state === contentOf(feeds) && canonicalJson(present.feeds) === canonicalJson(states)
}

/** A file name for an id: readable, and different for different ids. */
export function slug(id: string): string {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8)
  // No dot in front: such files are skipped.
  return `${id.replace(/^\.+|[^A-Za-z0-9.]+/g, '-').slice(0, 60)}-${hash}`
}

async function readPointer(path: string): Promise<Pointer | undefined> {
  const bytes = await readFileIfExists(path)
  if (bytes === undefined) return undefined
  try {
    return parsePointer(bytes, path)
  } catch (error) {
    if (error instanceof TemperError && error.code === 'bad-index') return undefined
    throw error
  }
}

async function made(folder: string): Promise<void> {
  try {
    await makeFolder(folder)
  } catch (error) {
    throw fileError('make', folder, error)
  }
}

async function moved(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    throw fileError('write', to, error)
  }
}
