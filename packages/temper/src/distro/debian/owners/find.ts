import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hexOf, isSha512 } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import { writeFileAtomic } from '../../../base/file.ts'
import { download } from '../../../base/http/download.ts'
import { decompressFile } from '../../../formats/compress/decompress.ts'
import type { ArchiveAccess } from '../../../model/package/package-source.ts'
import type { Architecture } from '../../../model/platform.ts'
import { nameOf } from '../../../model/tree/path.ts'
import { requestOptions } from '../../shared/fetching/access.ts'
import { sizeOf } from '../../shared/fetching/fetch-file.ts'
import { hashFile } from '../../shared/fetching/packages.ts'
import { fetchListed } from '../index/load.ts'
import type { VerifiedRelease } from '../repository/release.ts'
import type { ReleaseEntry } from '../repository/release-file.ts'
import { type SuiteRequest, suiteTitle, suiteUrl } from '../repository/suite.ts'
import { searchContents } from './search.ts'

/** Bytes of a Contents index that is worth fetching for a message: that of all architectures of Debian 13 has 38 MB. */
const sizeLimit = 64 * 1024 * 1024
const unpackedLimit = 2 ** 30
/** Most files that are looked for. */
const filesLimit = 100

interface AskedSuite {
  readonly request: SuiteRequest
  readonly release: VerifiedRelease
}

interface FindOptions {
  readonly access: ArchiveAccess
  readonly architecture: Architecture
}

/**
 * The packages that have some files, by the file, as the Contents indices of the suites tell. Indices that are not in
 * the cache are fetched, which takes seconds, so this is only for errors. Offline only the cache is used. Errors:
 * those of HTTP, and `bad-archive` and `limit-exceeded` for an index that cannot be read.
 */
export async function findOwners(
  files: readonly string[],
  suites: readonly AskedSuite[],
  options: FindOptions,
): Promise<ReadonlyMap<string, string>> {
  const owners = new Map<string, { readonly package: string; readonly rank: number }>()
  const isOpen = (file: string) => (owners.get(file)?.rank ?? 1) > 0
  for (const architecture of [options.architecture, 'all']) {
    for (const suite of suites) {
      for (const { path, entry } of contentsOf(suite, architecture)) {
        // Packages of all architectures have no libraries, and much else.
        const open = files.slice(0, filesLimit).filter(isOpen)
        const wanted = architecture === 'all' ? open.filter((file) => !isLibrary(file)) : open
        const at = wanted.length === 0 ? undefined : await cachedContents(suite, { path, entry }, options)
        if (at === undefined) continue
        const region = { path: at, offset: 0, size: await sizeOf(at) }
        await searchContents(
          decompressFile('gzip', region, { what: path, limit: unpackedLimit }),
          wanted,
          owners,
        )
      }
    }
  }
  return new Map([...owners].map(([file, owner]) => [file, owner.package]))
}

function isLibrary(file: string): boolean {
  return /\.so(?:\.|$)/.test(nameOf(file))
}

interface ContentsChoice {
  /** Below the suite's folder. */
  readonly path: string
  readonly entry: ReleaseEntry
}

/** The Contents indices of a suite: of each component, or of older repositories one for all of them. */
function contentsOf({ request, release }: AskedSuite, architecture: string): readonly ContentsChoice[] {
  const folders = request.suite.endsWith('/') ? [] : [...request.components.map((name) => `${name}/`), '']
  return folders.flatMap((folder) => {
    const path = `${folder}Contents-${architecture}.gz`
    const entry = release.file.files.get(path)
    return entry === undefined || entry.size > sizeLimit ? [] : [{ path, entry }]
  })
}

/**
 * Where an index lies in the cache, fetched if need be; undefined when it is not there and there is no network. Mirrors are
 * often late with these large files: one that is not the signed one will do, since it decides nothing but what a message
 * names, and only of packages that are in the signed indices.
 */
async function cachedContents(
  { request, release }: AskedSuite,
  { path, entry }: ContentsChoice,
  { access }: FindOptions,
): Promise<string | undefined> {
  const { digest, size } = entry
  const signed = join(access.cacheDir, 'owners-1', `${hexOf(digest)}.gz`)
  if ((await sizeOf(signed)) === size && (isSha512(digest) || (await hashFile(signed)) === digest))
    return signed
  await rm(signed, { force: true })
  const late = join(access.cacheDir, 'owners-1', `${hexOf(digest)}.late.gz`)
  if ((await sizeOf(late)) >= 0) return late
  if (access.offline === true) return undefined
  const what = `the list of files ${path} of ${suiteTitle(request)}`
  try {
    await fetchListed(request, release, { access, choice: { path, entry }, path: signed, what })
    return signed
  } catch (error) {
    if (!(error instanceof TemperError) || error.code !== 'digest-mismatch') throw error
    access.progress.note(`${error.message}; it is used all the same, for names in messages`)
    const url = suiteUrl(release.mirror, request, path)
    const options = { ...requestOptions(access, url), what, limit: sizeLimit }
    await writeFileAtomic(late, download(access.http, url, options))
    return late
  }
}
