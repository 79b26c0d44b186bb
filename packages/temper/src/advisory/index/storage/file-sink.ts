import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { fileError } from '../../../base/file.ts'

/** Bytes that are gathered before they are written. */
const gathered = 1024 * 1024

/** A new file that is written from its start to its end, with the digest of what went into it. */
export class FileSink {
  readonly path: string
  readonly #file: FileHandle
  readonly #hash = createHash('sha256')
  #pending: Uint8Array[] = []
  #pendingSize = 0
  #offset = 0

  private constructor(path: string, file: FileHandle) {
    this.path = path
    this.#file = file
  }

  /** The file must not be there. */
  static async create(path: string): Promise<FileSink> {
    try {
      return new FileSink(path, await open(path, 'wx', 0o644))
    } catch (error) {
      throw fileError('write', path, error)
    }
  }

  /** Bytes so far. */
  get size(): number {
    return this.#offset
  }

  /** Takes bytes, which must not change afterwards, and gives their place in the file. */
  add(bytes: Uint8Array): number {
    const place = this.#offset
    this.#pending.push(bytes)
    this.#pendingSize += bytes.length
    this.#offset += bytes.length
    return place
  }

  /** Writes what was gathered, when it is much. Call it between two steps of the work. */
  async drain(): Promise<void> {
    if (this.#pendingSize >= gathered) await this.#flush()
  }

  /** The digest of all bytes so far, in hex. */
  digest(): string {
    this.#hashPending()
    return this.#hash.copy().digest('hex')
  }

  /** Writes everything, and `header` over the start of the file. */
  async finish(header?: Uint8Array): Promise<void> {
    await this.#flush()
    try {
      if (header !== undefined) await this.#file.write(header, 0, header.length, 0)
      await this.#file.sync()
    } catch (error) {
      throw fileError('write', this.path, error)
    }
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  #hashed = 0

  #hashPending(): void {
    for (const bytes of this.#pending.slice(this.#hashed)) this.#hash.update(bytes)
    this.#hashed = this.#pending.length
  }

  async #flush(): Promise<void> {
    this.#hashPending()
    const pending = Buffer.concat(this.#pending)
    this.#pending = []
    this.#pendingSize = 0
    this.#hashed = 0
    try {
      await this.#file.writeFile(pending)
    } catch (error) {
      throw fileError('write', this.path, error)
    }
  }
}
