import { open, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { BufferPool } from '../../../base/buffer-pool.ts'
import { mapLimit } from '../../../base/concurrency.ts'
import { createHasher, type Digest, hexOf } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import type { ProgressTask } from '../../../base/progress.ts'
import type { ArchiveAccess, ArchivePath, FetchedPackage } from '../../../model/package/package-source.ts'
import { requireNetwork } from './access.ts'
import { tryMirrors } from './attempts.ts'
import { fetchFile, sizeOf } from './fetch-file.ts'
import { archiveUrl, isSafePath, type Mirror } from './mirror.ts'

export interface FetchPackagesOptions {
  readonly access: ArchiveAccess
  /** Where the cache keeps an archive: `archivePath`. It is there only with the right bytes. */
  readonly pathOf: ArchivePath
  /** Mirrors by repository id: `packageMirrors` of a lock, or those of the source that resolved. */
  readonly mirrors: ReadonlyMap<string, readonly Mirror[]>
  /** Downloads under way at once. Default 6. */
  readonly parallel?: number
  /** Hashes also what the cache has already; without it a cached file of the right size counts as right. */
  readonly cached?: 'trust' | 'verify'
  /** Told of each archive as soon as it is in the cache. */
  readonly onArrived?: (digest: Digest) => void
}

/** The place of archives with an ending: "deb". */
export function archivePath(ending: string): ArchivePath {
  return (cacheDir, digest) => {
    const hex = hexOf(digest)
    return join(cacheDir, 'packages', 'sha256', hex.slice(0, 2), `${hex}.${ending}`)
  }
}

/**
 * Makes sure that the archives of all packages are in the cache, each checked against its size and SHA-256
 * before it got its name; returns their paths in the order of `packages`. A mirror that fails is followed by
 * the next one. Several processes may fill one cache. Errors: as `tryMirrors`; `offline`.
 */
export async function fetchPackages(
  packages: readonly FetchedPackage[],
  options: FetchPackagesOptions,
): Promise<string[]> {
  const missing: FetchedPackage[] = []
  const once = new Set<Digest>()
  for (const wanted of packages) {
    if (once.has(wanted.digest)) continue
    once.add(wanted.digest)
    if (await isCached(wanted, options)) options.onArrived?.(wanted.digest)
    else missing.push(wanted)
  }
  if (missing.length > 0) await fetchMissing(missing, options)
  return packages.map((wanted) => options.pathOf(options.access.cacheDir, wanted.digest))
}

async function fetchMissing(
  missing: readonly FetchedPackage[],
  options: FetchPackagesOptions,
): Promise<void> {
  const [first] = missing
  if (first) {
    const more = missing.length > 1 ? ` (and ${missing.length - 1} more)` : ''
    requireNetwork(options.access, `The archive of ${first.name} ${first.version}${more}`)
  }
  const total = missing.reduce((sum, wanted) => sum + wanted.size, 0)
  const task = options.access.progress.start('Downloading packages', { total, unit: 'bytes' })
  try {
    // The largest first, so that none of them is left over at the end.
    const ordered = [...missing].sort((a, b) => b.size - a.size)
    await fetchAll(ordered, { ...options, task })
  } finally {
    task.done()
  }
}

/** The first failure stops the others, and is thrown when all have stopped: nothing writes any more then. */
async function fetchAll(
  wanted: readonly FetchedPackage[],
  options: FetchPackagesOptions & { readonly task: ProgressTask },
): Promise<void> {
  const stop = new AbortController()
  const { access } = options
  const signal = access.signal ? AbortSignal.any([access.signal, stop.signal]) : stop.signal
  const failures: unknown[] = []
  await mapLimit(wanted, options.parallel ?? 6, async (item) => {
    if (stop.signal.aborted) return
    try {
      await fetchPackage(item, { ...options, access: { ...access, signal } })
      options.onArrived?.(item.digest)
    } catch (error) {
      failures.push(error)
      stop.abort()
    }
  })
  if (failures.length > 0) throw failures[0]
}

async function fetchPackage(
  wanted: FetchedPackage,
  options: FetchPackagesOptions & { readonly task: ProgressTask },
): Promise<void> {
  const { access, task } = options
  const { location, repository } = wanted.origin
  const path = options.pathOf(access.cacheDir, wanted.digest)
  const what = basename(location) || wanted.name
  if (!isSafePath(location)) {
    throw new TemperError('bad-lock', `${wanted.name}: "${location}" is not a path in an archive`)
  }
  await tryMirrors(
    options.mirrors.get(repository) ?? [],
    (mirror) =>
      fetchFile(
        archiveUrl(mirror, location),
        { path, digest: wanted.digest, size: wanted.size, what },
        { access, onBytes: (count) => task.advance(count, wanted.name) },
      ),
    { what, progress: access.progress },
  )
}

async function isCached(wanted: FetchedPackage, options: FetchPackagesOptions): Promise<boolean> {
  const path = options.pathOf(options.access.cacheDir, wanted.digest)
  const size = await sizeOf(path)
  if (size < 0) return false
  if (size === wanted.size && (options.cached !== 'verify' || (await isOf(path, wanted.digest)))) {
    return true
  }
  options.access.progress.note(`The cached archive of ${wanted.name} is damaged, and is fetched again`)
  await rm(path, { force: true })
  return false
}

/** A file that cannot be read is not the one that was kept. */
async function isOf(path: string, digest: Digest): Promise<boolean> {
  try {
    return (await hashFile(path)) === digest
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string') return false
    throw error
  }
}

const buffers = new BufferPool(1 << 20)

/** The digest of a file's bytes. */
export async function hashFile(path: string): Promise<Digest> {
  const hasher = createHasher()
  const file = await open(path)
  const buffer = buffers.take()
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (bytesRead === 0) return hasher.digest()
      hasher.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    buffers.give(buffer)
    await file.close()
  }
}
