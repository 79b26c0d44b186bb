import { join } from 'node:path'
import { type Digest, sha256 } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import { ValueCache } from '../../../base/value-cache.ts'
import { type ApkIndex, readApkIndex } from '../../../formats/apk/index.ts'
import type { ArchiveAccess } from '../../../model/package/package-source.ts'
import type { Architecture } from '../../../model/platform.ts'
import { offlineError, requestOptions } from '../../shared/fetching/access.ts'
import { tryMirrors } from '../../shared/fetching/attempts.ts'
import { archiveUrl, type Mirror } from '../../shared/fetching/mirror.ts'
import { SeenReleases } from '../../shared/fetching/seen.ts'
import { apkArchitectures } from '../release.ts'
import { type Repository, repositoryTitle } from './repository.ts'

/** An index whose signature was checked. */
export interface SignedIndex {
  readonly repository: Repository
  readonly index: ApkIndex
  /** Digest of the file as it was served. */
  readonly digest: Digest
  /** Base address that served it. */
  readonly address: string
  /** Folder of the index below the address. */
  readonly folder: string
}

/** Bytes of an index as it is served: Alpine's largest has some 3 MB. */
const indexLimit = 64 * 2 ** 20

/**
 * Reads the index of a repository from the first mirror that serves a good one; undefined when no mirror has it and
 * it may be missing. Offline, the last one used is returned. Errors: as `readApkIndex`; `release-rollback`,
 * `network`, `offline`.
 */
export async function loadIndex(
  repository: Repository,
  architecture: Architecture,
  access: ArchiveAccess,
): Promise<SignedIndex | undefined> {
  const name = apkArchitectures[architecture]
  const folder = repository.path === '' ? name : `${repository.path}/${name}`
  const wanted = {
    repository,
    architecture,
    folder,
    what: `the index ${name} of ${repositoryTitle(repository)}`,
  }
  try {
    if (access.offline) return await recall(wanted, access)
    return await tryMirrors(repository.mirrors, (mirror) => fetchIndex(mirror, wanted, access), {
      what: wanted.what,
      progress: access.progress,
    })
  } catch (error) {
    if (!repository.optional || !(error instanceof TemperError) || !isMissing(error)) throw error
    access.progress.note(`${wanted.what} is not there; Temper does without it`)
    return undefined
  }
}

interface Wanted {
  readonly repository: Repository
  readonly architecture: Architecture
  readonly folder: string
  readonly what: string
}

function isMissing({ code, details }: TemperError): boolean {
  if (code === 'offline' || details['status'] === 404) return true
  // Of several mirrors the first may have been the one that has only the main part.
  const failures = details['failures']
  return (
    code === 'network' && Array.isArray(failures) && failures.some(({ message }) => /\b404\b/.test(message))
  )
}

async function fetchIndex(mirror: Mirror, wanted: Wanted, access: ArchiveAccess): Promise<SignedIndex> {
  const { repository, folder, what } = wanted
  const url = archiveUrl(mirror, `${folder}/APKINDEX.tar.gz`)
  const response = await access.http.request(url, { ...requestOptions(access, url), what, expect: [200] })
  const bytes = await response.bytes(indexLimit)
  const verified = await verify(bytes, { ...wanted, address: mirror.address })
  const seen = new SeenReleases(access)
  const before = await seen.read(repository.identity, folder)
  const date = timeText(verified.index.time)
  if (before !== undefined && Date.parse(before.date) > Date.parse(date)) {
    throw new TemperError(
      'release-rollback',
      `${what} is of ${date}, older than the one of ${before.date} used before`,
      {
        hint: `The mirror is out of date or goes back in time: use another one. To accept it, remove ${seen.path(repository.identity, folder)}.`,
        details: { date, seen: before.date },
      },
    )
  }
  await listings(access).put(verified.digest, bytes)
  const { address, digest: signed } = verified
  await seen.write(repository.identity, { repository: repository.id, suite: folder, address, date, signed })
  return verified
}

async function recall(wanted: Wanted, access: ArchiveAccess): Promise<SignedIndex> {
  const seen = await new SeenReleases(access).read(wanted.repository.identity, wanted.folder)
  const bytes = seen === undefined ? undefined : await listings(access).get(seen.signed)
  if (seen === undefined || bytes === undefined) throw offlineError(wanted.what)
  return await verify(bytes, { ...wanted, address: seen.address })
}

async function verify(
  bytes: Uint8Array,
  wanted: Wanted & { readonly address: string },
): Promise<SignedIndex> {
  const { repository, architecture, folder, what, address } = wanted
  const index = await readApkIndex(bytes, { keys: repository.keys(architecture), what })
  return { repository, index, digest: sha256(bytes), address, folder }
}

/** Indices as they were served, by their digest. */
function listings({ cacheDir, progress }: ArchiveAccess): ValueCache {
  return new ValueCache(join(cacheDir, 'listings-1'), progress)
}

/** RFC 3339. */
export function timeText(seconds: number): string {
  return new Date(Math.min(seconds, 253_402_300_799) * 1000).toISOString().replace('.000Z', 'Z')
}
