import { createHash, type Hash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { RegistryError } from '../error.ts'
import { type ContentDigest, partsOf } from '../name.ts'
import { sizeIfThere, withFolder } from './files.ts'
import { ownFolders, type Repository } from './repository.ts'

const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What this process remembers of an upload while it goes on; all of it can be had again from the file. */
interface Session {
  /** Hash of the first `hashed` bytes of the file. */
  readonly hash: Hash
  hashed: number
  busy: boolean
}

/**
 * Uploads that have begun (distribution-spec 1.1, "Pushing Blobs"). Each is a growing file of the repository, so that
 * it survives a restart; the size of the file tells how many bytes have arrived.
 */
export class Uploads {
  readonly #sessions = new Map<string, Session>()

  async begin(repository: Repository): Promise<string> {
    const id = randomUUID()
    const path = pathOf(repository, id)
    const file = await withFolder(join(repository.folder, ownFolders.uploads), () => open(path, 'wx', 0o600))
    await file.close()
    this.#sessions.set(id, { hash: createHash('sha256'), hashed: 0, busy: false })
    return id
  }

  /** The place for the bytes of an upload. */
  file(repository: Repository, id: string): string {
    return pathOf(repository, id)
  }

  /** How many bytes have arrived. Throws `BLOB_UPLOAD_UNKNOWN`. */
  async size(repository: Repository, id: string): Promise<number> {
    const size = idPattern.test(id) ? await sizeIfThere(pathOf(repository, id)) : undefined
    if (size === undefined)
      throw new RegistryError(
        'BLOB_UPLOAD_UNKNOWN',
        'there is no such upload: it ended, was cancelled or is too old',
      )
    return size
  }

  /**
   * Adds bytes at the end and returns the new total. After an error the bytes that arrived stay, so that the client
   * can continue. Throws `SIZE_INVALID` beyond `limit` bytes.
   */
  async append(
    repository: Repository,
    id: string,
    source: { readonly bytes: AsyncIterable<Uint8Array>; readonly limit: number },
  ): Promise<number> {
    const size = await this.size(repository, id)
    const session = this.#session(id)
    if (session.busy) throw new RegistryError('BLOB_UPLOAD_INVALID', 'another request writes to this upload')
    session.busy = true
    const file = await open(pathOf(repository, id), 'r+')
    let end = size
    try {
      for await (const chunk of source.bytes) {
        if (end + chunk.length > source.limit)
          throw new RegistryError('SIZE_INVALID', `a blob may have at most ${source.limit} bytes`)
        for (let at = 0; at < chunk.length; )
          at += (await file.write(chunk, at, chunk.length - at, end + at)).bytesWritten
        if (session.hashed === end) {
          session.hash.update(chunk)
          session.hashed += chunk.length
        }
        end += chunk.length
      }
      return end
    } finally {
      session.busy = false
      await file.close()
    }
  }

  /** The file of a finished upload, once its bytes match `digest`. Throws `DIGEST_INVALID`. */
  async finish(repository: Repository, id: string, digest: ContentDigest): Promise<string> {
    const size = await this.size(repository, id)
    const { algorithm } = partsOf(digest)
    const session = this.#session(id)
    const whole = algorithm === 'sha256' && session.hashed === size
    const path = pathOf(repository, id)
    const hash = whole ? session.hash : await hashFile(path, algorithm)
    const actual = `${algorithm}:${hash.digest('hex')}`
    this.#sessions.delete(id)
    if (actual === digest) return path
    await rm(path, { force: true })
    throw new RegistryError('DIGEST_INVALID', `expected ${digest}, found ${actual} (${size} bytes)`)
  }

  async cancel(repository: Repository, id: string): Promise<void> {
    await this.size(repository, id)
    this.#sessions.delete(id)
    await rm(pathOf(repository, id), { force: true })
  }

  #session(id: string): Session {
    const known = this.#sessions.get(id)
    if (known !== undefined) return known
    // Begun before a restart, or by another process: nothing of the file has been hashed here.
    const session: Session = { hash: createHash('sha256'), hashed: 0, busy: false }
    this.#sessions.set(id, session)
    return session
  }
}

function pathOf(repository: Repository, id: string): string {
  return join(repository.folder, ownFolders.uploads, id)
}

async function hashFile(path: string, algorithm: string): Promise<Hash> {
  const hash = createHash(algorithm)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return hash
}
