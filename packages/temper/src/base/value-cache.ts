import { join } from 'node:path'
import { type Digest, hexOf } from './digest.ts'
import { TemperError } from './error.ts'
import { readFileIfExists, writeFileAtomic } from './file.ts'
import type { Progress } from './progress.ts'
import { sealOf, unsealed } from './sealed.ts'

/**
 * Values of one kind that were costly to make, each by a digest over all that it depends on. Every value is verified
 * when it is read: a damaged one counts as missing, is made again and replaced. A folder that cannot be read or
 * written to (read-only, full, owned by somebody else) costs time, never the result. Any number of processes may
 * share it.
 */
export class ValueCache {
  readonly #folder: string
  readonly #progress: Pick<Progress, 'note'> | undefined

  /** `folder` belongs to this cache alone. `progress` is told when a value could not be kept, and why. */
  constructor(folder: string, progress?: Pick<Progress, 'note'>) {
    this.#folder = folder
    this.#progress = progress
  }

  async get(key: Digest): Promise<Uint8Array | undefined> {
    const bytes = await this.#tried('read', () => readFileIfExists(this.path(key)))
    const content = bytes === undefined ? undefined : unsealed(key, bytes)
    if (bytes !== undefined && content === undefined)
      this.#progress?.note(`the cached file ${this.path(key)} is damaged and not used`)
    return content
  }

  /** A value that was put as JSON. It is exactly what was put, so its shape needs no check. */
  async getJson<T>(key: Digest): Promise<T | undefined> {
    const bytes = await this.get(key)
    return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString('utf8')) as T)
  }

  /** Pieces are one value: one after the other. */
  async put(key: Digest, content: Uint8Array | string | readonly Uint8Array[]): Promise<void> {
    await this.#tried('kept', () => writeFileAtomic(this.path(key), parts(sealOf(key, content), content)))
  }

  /** Where the file of a value is, if there is one. */
  path(key: Digest): string {
    const hex = hexOf(key)
    return join(this.#folder, hex.slice(0, 2), hex)
  }

  async #tried<T>(verb: 'read' | 'kept', work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof TemperError)) throw error
      this.#progress?.note(
        `not ${verb === 'read' ? 'taken from the cache' : 'kept for the next time'}: ${error.message}`,
      )
      return undefined
    }
  }
}

async function* parts(
  line: string,
  content: Uint8Array | string | readonly Uint8Array[],
): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from(line)
  if (typeof content === 'string') yield Buffer.from(content)
  else if (content instanceof Uint8Array) yield content
  else yield* content
}
