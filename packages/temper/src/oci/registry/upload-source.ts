import { verified } from '../../base/digest.ts'
import type { Blob } from '../../model/image.ts'

/**
 * A blob that is read once from start to end, in parts; after a failure it is opened again and read up to the place
 * where the upload continues. All its bytes are checked each time.
 */
export class UploadSource {
  readonly #blob: Blob
  readonly #what: string
  /** A reader that is not in use. One that was abandoned in the middle never comes back here. */
  #idle: Reading | undefined
  /** The error of the blob itself, as opposed to one of the network. */
  failure: { readonly error: unknown } | undefined

  constructor(blob: Blob, what: string) {
    this.#blob = blob
    this.#what = what
  }

  /** The bytes from `start` up to `end`; fewer when the blob is shorter. */
  async *part(start: number, end: number): AsyncGenerator<Uint8Array, void, void> {
    const reading = await this.#takeUp(start)
    let complete = false
    try {
      for (let left = end - start; left > 0; ) {
        const chunk = await this.#next(reading, left)
        if (chunk === undefined) break
        left -= chunk.length
        yield chunk
      }
      complete = true
    } finally {
      if (complete) this.#idle = reading
      else await reading.close()
    }
  }

  /** Reads from `start` to the end, where size and digest are checked. */
  async finish(start: number): Promise<void> {
    const reading = await this.#takeUp(start)
    try {
      while ((await this.#next(reading, Number.MAX_SAFE_INTEGER)) !== undefined);
    } finally {
      await reading.close()
    }
  }

  async close(): Promise<void> {
    const idle = this.#idle
    this.#idle = undefined
    await idle?.close()
  }

  /** A reader at `start`: the idle one unless it has gone beyond, else a new one. */
  async #takeUp(start: number): Promise<Reading> {
    let reading = this.#idle
    this.#idle = undefined
    if (reading !== undefined && reading.position > start) {
      await reading.close()
      reading = undefined
    }
    if (reading === undefined) {
      const { digest, size } = this.#blob.descriptor
      reading = new Reading(verified(this.#blob.open(), { digest, size, what: this.#what }))
    }
    while (reading.position < start) {
      if ((await this.#next(reading, start - reading.position)) === undefined) break
    }
    return reading
  }

  async #next(reading: Reading, most: number): Promise<Uint8Array | undefined> {
    try {
      return await reading.next(most)
    } catch (error) {
      this.failure = { error }
      throw error
    }
  }
}

class Reading {
  position = 0
  readonly #stream: AsyncGenerator<Uint8Array, void, void>
  #rest: Uint8Array = new Uint8Array()

  constructor(stream: AsyncGenerator<Uint8Array, void, void>) {
    this.#stream = stream
  }

  /** At least one byte and at most `most`; undefined at the end. */
  async next(most: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#stream.next()
      if (done) return undefined
      this.#rest = value
    }
    const chunk = this.#rest.subarray(0, most)
    this.#rest = this.#rest.subarray(chunk.length)
    this.position += chunk.length
    return chunk
  }

  async close(): Promise<void> {
    await this.#stream.return()
  }
}
