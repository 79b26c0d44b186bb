import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { singleFlight } from '../../../base/concurrency.ts'
import { type Checksum, hexOf, isSha512 } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import { temporaryPath, writeFileAtomic } from '../../../base/file.ts'
import { decompressFile } from '../../../formats/compress/decompress.ts'
import type { PackageIndex } from '../../../model/package/package.ts'
import type { ArchiveAccess } from '../../../model/package/package-source.ts'
import { requireNetwork } from '../../shared/fetching/access.ts'
import { fetchFile } from '../../shared/fetching/fetch-file.ts'
import type { VerifiedRelease } from '../repository/release.ts'
import { isAbsence, type SuiteRequest, suiteTitle, suiteUrl } from '../repository/suite.ts'
import { buildIndex } from './build.ts'
import type { IndexChoice } from './choice.ts'
import { openIndex, openRandomAccess } from './file.ts'
import { indexFormatVersion } from './layout.ts'

export interface IndexOptions {
  readonly access: ArchiveAccess
  /** Path of the host's xz. */
  readonly xzProgram?: string | undefined
}

/** Most bytes of an index whose unpacked size nobody promised. */
const unpackedLimit = 2 ** 31

/** Path of the compact form of an index file, by the digest of the parsed file. */
export function indexPath(cacheDir: string, digest: Checksum): string {
  return join(cacheDir, 'indices', `v${indexFormatVersion}`, `${hexOf(digest)}.idx`)
}

const flights = singleFlight<void>()

/**
 * Opens one index of a verified suite: from the cache, else fetched by the release's own mirror, checked, parsed and
 * kept. `choices` are the variants of one index. Errors: `digest-mismatch` (the mirror is between two states, or
 * serves wrong content), `network`, `bad-index`, `offline`.
 */
export async function loadIndex(
  request: SuiteRequest,
  release: VerifiedRelease,
  options: IndexOptions & { readonly choices: readonly IndexChoice[] },
): Promise<PackageIndex> {
  const { access, choices } = options
  for (const choice of choices) {
    const index = openCached(request, choice, access)
    if (index) return index
  }
  const what = `the package index of ${suiteTitle(request)}`
  requireNetwork(access, what)
  let failure: unknown
  for (const choice of choices) {
    try {
      const path = indexPath(access.cacheDir, choice.entry.digest)
      await flights(path, () => makeIndex(request, release, { ...options, choice, what }))
      const index = openCached(request, choice, access)
      if (index) return index
      throw new TemperError('internal', `${path} cannot be read just after it was written`)
    } catch (error) {
      // A variant that is listed but not there is common; anything else is a failure of the mirror.
      if (!isAbsence(error)) throw error
      failure ??= error
    }
  }
  throw failure
}

function openCached(
  request: SuiteRequest,
  choice: IndexChoice,
  access: ArchiveAccess,
): PackageIndex | undefined {
  const file = openRandomAccess(indexPath(access.cacheDir, choice.entry.digest))
  const { repository, suite } = request
  return file ? openIndex(file, { repository, suite, component: choice.component }) : undefined
}

async function makeIndex(
  request: SuiteRequest,
  release: VerifiedRelease,
  options: IndexOptions & { readonly choice: IndexChoice; readonly what: string },
): Promise<void> {
  const { access, choice, what } = options
  const target = indexPath(access.cacheDir, choice.entry.digest)
  const fetched = `${temporaryPath(target)}.${choice.format}`
  try {
    await fetchListed(request, release, { access, choice, path: fetched, what })
    const region = { path: fetched, offset: 0, size: choice.entry.size }
    const text = decompressFile(choice.format, region, {
      what,
      limit: choice.unpackedSize ?? unpackedLimit,
      ...(options.xzProgram === undefined ? {} : { xzProgram: options.xzProgram }),
    })
    await writeFileAtomic(target, buildIndex(text, what))
  } finally {
    await rm(fetched, { force: true })
  }
}

/**
 * Fetches a file that the Release file lists to `path`, and checks it: by hash if the suite offers that, which still
 * works on a mirror in the middle of an update; else by name.
 */
export async function fetchListed(
  request: SuiteRequest,
  release: VerifiedRelease,
  options: {
    readonly access: ArchiveAccess
    readonly choice: Pick<IndexChoice, 'path' | 'entry'>
    readonly path: string
    readonly what: string
  },
): Promise<void> {
  const { access, choice, path, what } = options
  const { digest, size } = choice.entry
  const folder = choice.path.slice(0, choice.path.lastIndexOf('/') + 1)
  const byHash = `${folder}by-hash/${isSha512(digest) ? 'SHA512' : 'SHA256'}/${hexOf(digest)}`
  const wanted = { path, digest, size, what }
  const task = access.progress.start(`Fetching ${what}`, { total: size, unit: 'bytes' })
  const onBytes = (count: number) => task.advance(count)
  try {
    if (!release.file.acquireByHash) {
      return await fetchFile(suiteUrl(release.mirror, request, choice.path), wanted, { access, onBytes })
    }
    try {
      await fetchFile(suiteUrl(release.mirror, request, byHash), wanted, { access, onBytes })
    } catch (error) {
      if (!isAbsence(error)) throw error
      await fetchFile(suiteUrl(release.mirror, request, choice.path), wanted, { access, onBytes })
    }
  } finally {
    task.done()
  }
}
