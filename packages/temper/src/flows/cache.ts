import type { Dirent, Stats } from 'node:fs'
import { lstat, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { mapLimit } from '../base/concurrency.ts'
import { fileError } from '../base/file.ts'
import { throwIfStopped } from '../base/stop.ts'
import type { Context } from './context.ts'

/** The content of one folder of the cache. */
export interface CacheKind {
  /** Name of the folder below the cache directory. */
  readonly kind: string
  readonly files: number
  /** Bytes of the files. */
  readonly size: number
}

export interface CacheInfo {
  readonly path: string
  readonly size: number
  readonly files: number
  /** Sorted by name. */
  readonly kinds: readonly CacheKind[]
}

/**
 * What pruning removes: leftovers of interrupted writes, everything that is too old, then the least recently used
 * entries above the size.
 */
export interface PruneRequest {
  /** Seconds since last use. */
  readonly olderThan?: number
  /** Bytes that may stay. */
  readonly maxSize?: number
  /** Also remove what was used recently, whatever its age. */
  readonly all?: boolean
  /** Only report what would be removed. */
  readonly dryRun?: boolean
}

export interface PruneResult {
  readonly removedFiles: number
  readonly removedSize: number
  readonly keptFiles: number
  readonly keptSize: number
}

/**
 * Kept by every prune: what was seen of the suites and of the trusted root protects against a mirror that goes back in
 * time, and is tiny; feeds of advisories may have been carried here by hand, and keep within a budget of their own; other versions of
 * Temper work whole or not at all.
 */
const lasting: ReadonlySet<string> = new Set(['seen', 'feeds', 'sigstore', 'versions'])

/**
 * What this version and its predecessors put into a cache: folders with their formats, and what an interrupted write left.
 * Anything else is somebody else's, and stays: a folder that was named by mistake must not lose a person's files.
 */
const ours =
  /^(?:(?:advisories|artifacts|bases|builds|bundles|choices|compressors|contents|files|inventories|keys|layers|listings|opened|owners|pins|prepared|recipes|releases|segments|steps)(?:-\d+)?|compile|feeds|indices|packages|seen|sigstore|versions|compressors\.json|\.tmp-.*)$/

/**
 * What a write left when its process was killed: a file, or a folder whatever it holds. Other versions of Temper are fetched into
 * a folder beside the one that they get.
 */
const leftover = /^\.tmp-|\.tmp-[A-Za-z0-9]{6}$/

/** A write into what lasts that nobody has gone on with for this long (seconds); until then a download may be continued. */
const abandoned = 7 * 86_400

/** Whatever was made or read this lately (seconds) may be in use by a running build. */
const inUse = 3600

interface CachedFile {
  readonly kind: string
  readonly path: string
  /** Whether it, or a folder that it is in, was left behind by a write whose process was killed. */
  readonly isLeftover: boolean
  readonly size: number
  /** Milliseconds since 1970 of the last read or write that the file system recorded. */
  readonly used: number
}

/** Counts the cache by kind. A cache that does not exist yet is empty. */
export async function cacheInfo(context: Pick<Context, 'cacheDir'>): Promise<CacheInfo> {
  const { files } = await cached(context.cacheDir)
  const kinds = new Map<string, { files: number; size: number }>()
  for (const file of files) {
    const sum = kinds.get(file.kind) ?? { files: 0, size: 0 }
    kinds.set(file.kind, { files: sum.files + 1, size: sum.size + file.size })
  }
  return {
    path: context.cacheDir,
    size: total(files),
    files: files.length,
    kinds: [...kinds].map(([kind, sum]) => ({ kind, ...sum })).sort((a, b) => (a.kind < b.kind ? -1 : 1)),
  }
}

/**
 * Removes files from the cache. Safe while other processes build: single files are unlinked (a reader that
 * has one open keeps it), and what was used within the hour stays unless `all` is set.
 */
export async function pruneCache(
  request: PruneRequest,
  context: Pick<Context, 'cacheDir' | 'now' | 'signal'>,
): Promise<PruneResult> {
  throwIfStopped(context.signal)
  const now = context.now().getTime()
  const { files, folders } = await cached(context.cacheDir)
  const doomed = chooseDoomed(files, request, now)
  if (!request.dryRun) {
    await mapLimit(doomed, 16, async (file) => {
      throwIfStopped(context.signal)
      try {
        await rm(file.path, { force: true })
      } catch (error) {
        throw fileError('remove', file.path, error)
      }
    })
    for (const kind of new Set(doomed.map((file) => file.kind)))
      if (kind !== 'other') await removeEmptyFolders(join(context.cacheDir, kind))
    for (const folder of folders) if (isOver(folder, request, now)) await removeIfEmpty(folder.path)
  }
  const removedSize = total(doomed)
  return {
    removedFiles: doomed.length,
    removedSize,
    keptFiles: files.length - doomed.length,
    keptSize: total(files) - removedSize,
  }
}

function chooseDoomed(
  files: readonly CachedFile[],
  request: PruneRequest,
  now: number,
): readonly CachedFile[] {
  const forgotten = ({ used }: CachedFile) => now - used > abandoned * 1000
  const removable = files.filter((file) => !lasting.has(file.kind) || (file.isLeftover && forgotten(file)))
  if (request.all) return removable
  const idle = removable.filter((file) => now - file.used > inUse * 1000)
  idle.sort((a, b) => a.used - b.used || (a.path < b.path ? -1 : 1))
  const oldest = request.olderThan === undefined ? 0 : now - request.olderThan * 1000
  let left = total(files)
  return idle.filter((file) => {
    const goes =
      file.isLeftover || file.used < oldest || (request.maxSize !== undefined && left > request.maxSize)
    if (goes) left -= file.size
    return goes
  })
}

/** Whether nobody fills a folder any more that a stopped run has left. */
function isOver({ kind, used }: CachedFile, { all }: PruneRequest, now: number): boolean {
  if (lasting.has(kind)) return now - used > abandoned * 1000
  return all === true || now - used > inUse * 1000
}

function total(files: readonly CachedFile[]): number {
  return files.reduce((sum, file) => sum + file.size, 0)
}

interface Cached {
  readonly files: readonly CachedFile[]
  /** Folders that stopped runs left behind, as they were before anything was removed; inner ones first. */
  readonly folders: readonly CachedFile[]
}

async function cached(cacheDir: string): Promise<Cached> {
  const files: CachedFile[] = []
  const folders: CachedFile[] = []
  const visit = async (folder: string, within: { kind: string; isLeftover: boolean }) => {
    for (const entry of await list(folder)) {
      const isRoot = within.kind === ''
      if (isRoot && !ours.test(entry.name)) continue
      const path = join(folder, entry.name)
      const isLeftover = within.isLeftover || leftover.test(entry.name)
      // What was left beside the kinds is of none.
      const kind = !isRoot ? within.kind : entry.isDirectory() && !isLeftover ? entry.name : 'other'
      if (entry.isDirectory()) await visit(path, { kind, isLeftover })
      else {
        const file = await described(path, { kind, isLeftover })
        if (file) files.push(file)
        continue
      }
      const left = isLeftover ? await described(path, { kind, isLeftover }) : undefined
      if (left) folders.push(left)
    }
  }
  await visit(cacheDir, { kind: '', isLeftover: false })
  return { files, folders }
}

async function described(
  path: string,
  of: { readonly kind: string; readonly isLeftover: boolean },
): Promise<CachedFile | undefined> {
  const stats = await statIfExists(path)
  if (stats === undefined) return undefined
  // Reading a folder is no use of it, and this does so itself.
  const used = stats.isDirectory() ? stats.mtimeMs : Math.max(stats.atimeMs, stats.mtimeMs)
  return { ...of, path, size: stats.size, used }
}

/** Other processes come and go in the cache: what vanished between two calls is not there. */
function vanished(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

async function list(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (vanished(error)) return []
    throw fileError('read', folder, error)
  }
}

async function statIfExists(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if (vanished(error)) return undefined
    throw fileError('read', path, error)
  }
}

async function removeEmptyFolders(folder: string): Promise<void> {
  for (const entry of await list(folder)) {
    // Whoever has just made one is about to fill it.
    if (!entry.isDirectory() || leftover.test(entry.name)) continue
    const path = join(folder, entry.name)
    await removeEmptyFolders(path)
    await removeIfEmpty(path)
  }
}

async function removeIfEmpty(path: string): Promise<void> {
  try {
    await rmdir(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(code)) throw fileError('remove', path, error)
  }
}
