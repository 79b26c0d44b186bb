import { rm } from 'node:fs/promises'
import { RegistryError } from './error.ts'
import { answer, type Exchange, headerOf } from './exchange.ts'
import { type ContentDigest, isContentDigest, parseContentDigest, parseRepository } from './name.ts'
import type { RepositoryPlace } from './place.ts'
import { parseContentRange } from './range.ts'
import type { Usage } from './rules/usage.ts'

/** An upload that a request is about. */
interface UploadPlace extends RepositoryPlace {
  readonly id: string
}

/** What uploads need besides their repository. */
export interface UploadRules {
  /** Most bytes of a blob. */
  readonly blobLimit: number
  /**
   * Whether the client may read a repository from which a blob is to be mounted; without a repository: whether it may
   * read all.
   */
  readonly mayRead: (repository?: string) => boolean
  /** How much the repository may take. */
  readonly usage: Usage
}

/** POST: begins an upload, takes a whole blob at once, or mounts one of another repository ("Pushing Blobs"). */
export async function beginUpload(
  exchange: Exchange,
  place: RepositoryPlace,
  rules: UploadRules,
): Promise<void> {
  const { query } = exchange
  const mount = query.get('mount')
  if (mount !== null && (await mounted(place, { digest: mount, from: query.get('from') }, rules)))
    return created(exchange, place, parseContentDigest(mount))
  const whole = query.get('digest')
  const expected = whole === null ? undefined : parseContentDigest(whole)
  const id = await place.storage.uploads.begin(place.repository)
  const upload = { ...place, id }
  if (expected === undefined) return accepted(exchange, upload, 0)
  try {
    await append(exchange, upload, rules)
  } catch (error) {
    await place.storage.uploads.cancel(place.repository, id)
    throw error
  }
  await finish(exchange, upload, { expected, rules })
}

/**
 * Whether the blob is of this repository now. Where the request does not say from where, it is taken from wherever it is
 * for those who may read everything: others could find out what the repositories of others hold.
 */
async function mounted(
  place: RepositoryPlace,
  { digest, from }: { readonly digest: string; readonly from: string | null },
  rules: UploadRules,
): Promise<boolean> {
  if (!isContentDigest(digest)) return false
  const { storage, repository } = place
  if (await repository.hasBlob(digest)) return storage.content.keep(digest)
  if (!rules.mayRead(from ?? undefined)) return false
  if (from !== null && !(await storage.repository(parseRepository(from)).hasBlob(digest))) return false
  const size = (await storage.content.keep(digest)) ? await storage.content.size(digest) : undefined
  if (size === undefined) return false
  await rules.usage.take(place.name, size)
  await repository.addBlob(digest)
  // Content that lay there unused may have been swept away between the two.
  return storage.content.keep(digest)
}

/** GET: how much of an upload has arrived. */
export async function showUpload(exchange: Exchange, upload: UploadPlace): Promise<void> {
  const size = await upload.storage.uploads.size(upload.repository, upload.id)
  answer(exchange, 204, { headers: progress(upload, size) })
}

/** PATCH: adds bytes, as a chunk with its position or as a stream without one. */
export async function continueUpload(
  exchange: Exchange,
  upload: UploadPlace,
  rules: UploadRules,
): Promise<void> {
  await checkPlace(exchange, upload)
  accepted(exchange, upload, await append(exchange, upload, rules))
}

/** PUT: ends an upload; the request may carry the last bytes. */
export async function endUpload(exchange: Exchange, upload: UploadPlace, rules: UploadRules): Promise<void> {
  const digest = parseContentDigest(exchange.query.get('digest') ?? '')
  await checkPlace(exchange, upload)
  await append(exchange, upload, rules)
  await finish(exchange, upload, { expected: digest, rules })
}

export async function cancelUpload(exchange: Exchange, upload: UploadPlace): Promise<void> {
  await upload.storage.uploads.cancel(upload.repository, upload.id)
  answer(exchange, 204)
}

async function append(
  exchange: Exchange,
  upload: UploadPlace,
  { blobLimit, usage }: UploadRules,
): Promise<number> {
  const room = await usage.room(upload.name)
  const limit = Math.min(blobLimit, room?.bytes ?? blobLimit)
  try {
    return await upload.storage.uploads.append(upload.repository, upload.id, {
      bytes: exchange.request,
      limit,
    })
  } catch (error) {
    const isFull = error instanceof RegistryError && error.code === 'SIZE_INVALID' && limit < blobLimit
    throw isFull && room?.beyond !== undefined ? room.beyond : error
  }
}

/** A chunk has to begin where the last one ended, and to be as long as it says. */
async function checkPlace(exchange: Exchange, upload: UploadPlace): Promise<void> {
  const size = await upload.storage.uploads.size(upload.repository, upload.id)
  const header = headerOf(exchange, 'content-range')
  if (header === undefined) return
  const { start, end } = parseContentRange(header)
  if (start !== size)
    throw new RegistryError(
      'BLOB_UPLOAD_INVALID',
      `expected the bytes from ${size} on, found a chunk that begins at ${start}`,
      { status: 416, headers: progress(upload, size) },
    )
  const length = headerOf(exchange, 'content-length')
  if (length !== undefined && Number(length) !== end - start + 1)
    throw new RegistryError(
      'BLOB_UPLOAD_INVALID',
      `Content-Range says ${end - start + 1} bytes, Content-Length ${length.slice(0, 20)}`,
    )
}

async function finish(
  exchange: Exchange,
  upload: UploadPlace,
  { expected: digest, rules }: { readonly expected: ContentDigest; readonly rules: UploadRules },
): Promise<void> {
  const { storage, repository, id, name } = upload
  const size = await storage.uploads.size(repository, id)
  const file = await storage.uploads.finish(repository, id, digest)
  if (!(await repository.hasBlob(digest)))
    try {
      await rules.usage.take(name, size)
    } catch (error) {
      await rm(file, { force: true })
      throw error
    }
  await storage.content.adopt(file, digest)
  await repository.addBlob(digest)
  // Content that lay there unused may have been swept away between the two.
  if (!(await storage.content.keep(digest)))
    throw new RegistryError('BLOB_UPLOAD_INVALID', `${digest} was removed in the meantime: push it again`)
  created(exchange, upload, digest)
}

function created(exchange: Exchange, { name }: RepositoryPlace, digest: ContentDigest): void {
  answer(exchange, 201, {
    headers: { Location: `/v2/${name}/blobs/${digest}`, 'Docker-Content-Digest': digest },
  })
}

function accepted(exchange: Exchange, upload: UploadPlace, size: number): void {
  answer(exchange, 202, { headers: progress(upload, size) })
}

/** Where an upload goes on. Clients read "0-0" as nothing yet, as Docker's registry has it. */
function progress({ name, id }: UploadPlace, size: number): Record<string, string> {
  return {
    Location: `/v2/${name}/blobs/uploads/${id}`,
    Range: `0-${Math.max(0, size - 1)}`,
    'Docker-Upload-UUID': id,
  }
}
