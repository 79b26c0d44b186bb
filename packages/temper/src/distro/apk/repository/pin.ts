import { createHash } from 'node:crypto'
import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { mapLimit } from '../../../base/concurrency.ts'
import { createHasher, type Digest, sha256 } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import { makeFolder, temporaryPath } from '../../../base/file.ts'
import { download } from '../../../base/http/download.ts'
import { printableLine } from '../../../base/printable.ts'
import { ValueCache } from '../../../base/value-cache.ts'
import type { ApkRecord } from '../../../formats/apk/record.ts'
import { readRegion } from '../../../formats/bytes/file-region.ts'
import type { IndexedPackage } from '../../../model/package/package.ts'
import type { ArchiveAccess, ArchivePath } from '../../../model/package/package-source.ts'
import { requestOptions, requireNetwork } from '../../shared/fetching/access.ts'
import { tryMirrors } from '../../shared/fetching/attempts.ts'
import { archiveUrl, type Mirror } from '../../shared/fetching/mirror.ts'
import { readHead } from '../archive/archive.ts'

export interface PinOptions {
  readonly access: ArchiveAccess
  readonly pathOf: ArchivePath
  readonly mirrors: ReadonlyMap<string, readonly Mirror[]>
  /** What the signed index says about a package. */
  recordOf(indexed: IndexedPackage): ApkRecord
}

/**
 * The digests of archives for which a signed index has only the checksum of a part. Digests of archives that were
 * read before are remembered; any other archive is fetched and verified from the index to its last byte: the index
 * has the checksum of the control member, which has the hash of the files. Errors: `digest-mismatch`, `bad-archive`,
 * `network`, `offline`.
 */
export async function pinPackages(
  packages: readonly IndexedPackage[],
  options: PinOptions,
): Promise<readonly IndexedPackage[]> {
  const { access } = options
  const memory = new ValueCache(join(access.cacheDir, 'pins-1'), access.progress)
  const known = await Promise.all(packages.map((indexed) => memory.getJson<Digest>(keyOf(indexed, options))))
  const missing = packages.filter((_, at) => known[at] === undefined)
  const [first] = missing
  if (first !== undefined) {
    const more = missing.length > 1 ? ` (and ${missing.length - 1} more)` : ''
    requireNetwork(access, `The archive of ${first.name} ${first.version}${more}`)
  }
  const total = missing.reduce((sum, { size }) => sum + size, 0)
  const task = access.progress.start('Downloading packages', { total, unit: 'bytes' })
  try {
    return await mapLimit(packages, 6, async (indexed, at) => {
      const before = known[at]
      if (before !== undefined) return { ...indexed, digest: before }
      const digest = await fetchUnknown(indexed, options)
      task.advance(indexed.size, indexed.name)
      await memory.put(keyOf(indexed, options), JSON.stringify(digest))
      return { ...indexed, digest }
    })
  } finally {
    task.done()
  }
}

/** Everything that an archive was found to be. */
function keyOf(indexed: IndexedPackage, { recordOf }: PinOptions): Digest {
  const { name, version, architecture, checksum, size } = recordOf(indexed)
  return sha256(JSON.stringify([name, version, architecture, checksum, size]))
}

async function fetchUnknown(indexed: IndexedPackage, options: PinOptions): Promise<Digest> {
  const { location, repository } = indexed.origin
  const what = location.slice(location.lastIndexOf('/') + 1)
  return await tryMirrors(
    options.mirrors.get(repository) ?? [],
    (mirror) => fetchFrom(archiveUrl(mirror, location), { what, record: options.recordOf(indexed) }, options),
    { what, progress: options.access.progress },
  )
}

interface Wanted {
  readonly what: string
  readonly record: ApkRecord
}

async function fetchFrom(url: string, wanted: Wanted, { access, pathOf }: PinOptions): Promise<Digest> {
  const folder = join(access.cacheDir, 'packages')
  await makeFolder(folder)
  const temporary = temporaryPath(join(folder, 'pin'))
  try {
    const digest = await save(url, temporary, { ...wanted, access })
    await assertListed(temporary, wanted)
    const path = pathOf(access.cacheDir, digest)
    await makeFolder(dirname(path))
    await rename(temporary, path)
    return digest
  } finally {
    await rm(temporary, { force: true })
  }
}

async function save(
  url: string,
  path: string,
  { what, record, access }: Wanted & { readonly access: ArchiveAccess },
): Promise<Digest> {
  const hasher = createHasher()
  const file = await open(path, 'wx', 0o644)
  try {
    const limit = record.size
    for await (const chunk of download(access.http, url, { ...requestOptions(access, url), what, limit })) {
      hasher.update(chunk)
      await file.writeFile(chunk)
    }
  } catch (error) {
    if (!(error instanceof TemperError) || error.code !== 'limit-exceeded') throw error
    throw mismatch(what, `${record.size} bytes`, 'more')
  } finally {
    await file.close()
  }
  return hasher.digest()
}

/** Follows the archive from what the index says to its end. */
async function assertListed(path: string, { what, record }: Wanted): Promise<void> {
  const { size } = await stat(path)
  if (size !== record.size) throw mismatch(what, `${record.size} bytes`, `${size}`)
  const { head } = await readHead(path, what)
  if (head.checksum !== record.checksum) throw mismatch(what, record.checksum, head.checksum)
  const told = ['pkgname', 'pkgver', 'arch'].map((key) => head.info.get(key)?.[0])
  const listed = [record.name, record.version, record.architecture]
  if (told.some((value, at) => value !== listed[at])) throw mismatch(what, listed.join(' '), told.join(' '))
  const stated = head.info.get('datahash')?.[0] ?? 'none'
  const hash = createHash('sha256')
  const region = { path, offset: head.control.end, size: size - head.control.end }
  for await (const chunk of readRegion(region, { what })) hash.update(chunk)
  const digest = hash.digest('hex')
  if (digest !== stated) throw mismatch(what, `the data hash ${stated}`, digest)
}

function mismatch(what: string, expected: string, found: string): TemperError {
  return new TemperError('digest-mismatch', `${what}: expected ${expected}, found ${printableLine(found)}`, {
    hint: 'The mirror serves another package than the signed index lists. Use another mirror.',
  })
}
