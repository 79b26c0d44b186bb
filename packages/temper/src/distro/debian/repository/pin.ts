import { rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { mapLimit } from '../../../base/concurrency.ts'
import type { Checksum, Digest } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import { makeFolder, temporaryPath } from '../../../base/file.ts'
import { ValueCache } from '../../../base/value-cache.ts'
import type { IndexedPackage } from '../../../model/package/package.ts'
import type { ArchiveAccess, ArchivePath } from '../../../model/package/package-source.ts'
import { requireNetwork } from '../../shared/fetching/access.ts'
import { tryMirrors } from '../../shared/fetching/attempts.ts'
import { fetchFile } from '../../shared/fetching/fetch-file.ts'
import { archiveUrl, isSafePath, type Mirror } from '../../shared/fetching/mirror.ts'
import { hashFile } from '../../shared/fetching/packages.ts'

export interface PinOptions {
  readonly access: ArchiveAccess
  readonly pathOf: ArchivePath
  /** By repository id, the mirrors, first the one that served its index. */
  readonly mirrors: ReadonlyMap<string, readonly Mirror[]>
}

type Listed = IndexedPackage & { readonly listedBy: Checksum }

/**
 * The digests of archives that an index lists by SHA-512 alone. Digests of archives that were fetched before are
 * remembered; any other archive is fetched, verified against the index, and stored under its digest. Errors:
 * `digest-mismatch`, `network`, `offline`.
 */
export async function pinListed(
  packages: readonly IndexedPackage[],
  options: PinOptions,
): Promise<readonly IndexedPackage[]> {
  const listed = packages.filter(isListed)
  if (listed.length === 0) return packages
  const { access } = options
  const memory = new ValueCache(join(access.cacheDir, 'pins-1'), access.progress)
  const known = new Map<IndexedPackage, Digest>()
  const missing: Listed[] = []
  for (const entry of listed) {
    const before = await memory.getJson<Digest>(entry.digest)
    if (before === undefined) missing.push(entry)
    else known.set(entry, before)
  }
  const [first] = missing
  if (first !== undefined) requireNetwork(access, `The archive of ${first.name} ${first.version}`)
  const total = missing.reduce((sum, { size }) => sum + size, 0)
  const task = access.progress.start('Downloading packages', { total, unit: 'bytes' })
  try {
    await mapLimit(missing, 6, async (entry) => {
      const digest = await fetchListed(entry, options)
      task.advance(entry.size, entry.name)
      await memory.put(entry.digest, JSON.stringify(digest))
      known.set(entry, digest)
    })
  } finally {
    task.done()
  }
  return packages.map((entry) => ({ ...entry, digest: known.get(entry) ?? entry.digest }))
}

function isListed(indexed: IndexedPackage): indexed is Listed {
  return indexed.listedBy !== undefined
}

async function fetchListed(entry: Listed, { access, pathOf, mirrors }: PinOptions): Promise<Digest> {
  const { location, repository } = entry.origin
  if (!isSafePath(location))
    throw new TemperError('bad-index', `${entry.name}: "${location}" is not a path in an archive`)
  const what = basename(location) || entry.name
  const path = temporaryPath(join(access.cacheDir, 'packages', 'pin'))
  try {
    await tryMirrors(
      mirrors.get(repository) ?? [],
      (mirror) =>
        fetchFile(
          archiveUrl(mirror, location),
          { path, digest: entry.listedBy, size: entry.size, what },
          { access },
        ),
      { what, progress: access.progress },
    )
    const digest = await hashFile(path)
    const target = pathOf(access.cacheDir, digest)
    await makeFolder(dirname(target))
    await rename(path, target)
    return digest
  } finally {
    await rm(path, { force: true })
  }
}
