import type { ByteStream } from '../../base/bytes.ts'

const nothing = Buffer.alloc(0)

/**
 * Reads a stream of chunks piece by piece without copying: it gives views of the incoming chunks. Only `read` copies,
 * and only when the bytes are in more than one chunk.
 */
export class ByteCursor {
  readonly #source: AsyncIterator<Uint8Array>
  #chunk: Buffer = nothing
  /** Bytes of the chunk: whoever took all of it may have released it since. */
  #size = 0
  #at = 0
  #consumed = 0
  #ended = false

  constructor(source: ByteStream) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Bytes consumed so far. */
  get position(): number {
    return this.#consumed + this.#at
  }

  /** Number of bytes that are available without waiting. */
  get available(): number {
    return this.#size - this.#at
  }

  /** Waits until at least one byte is available; false at the end of the stream. */
  async more(): Promise<boolean> {
    while (this.#at >= this.#size) {
      if (this.#ended) return false
      const next = await this.#source.next()
      this.#consumed += this.#size
      this.#at = 0
      if (next.done) {
        this.#ended = true
        this.#chunk = nothing
        this.#size = 0
        return false
      }
      const { buffer, byteOffset, length } = next.value
      this.#chunk = Buffer.from(buffer, byteOffset, length)
      this.#size = length
    }
    return true
  }

  /** A view of at most `most` of the available bytes; empty when there are none. */
  take(most: number): Buffer {
    const end = Math.min(this.#at + most, this.#size)
    const view = this.#chunk.subarray(this.#at, end)
    this.#at = end
    return view
  }

  /** Exactly `size` bytes, or fewer when the stream ends earlier. `size` must have been checked by the caller. */
  async read(size: number): Promise<Buffer> {
    if (this.available >= size) return this.take(size)
    const parts: Buffer[] = []
    let missing = size
    while (missing > 0 && (await this.more())) {
      const part = this.take(missing)
      parts.push(part)
      missing -= part.length
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
  }

  /** Skips `size` bytes; returns how many there were. */
  async skip(size: number): Promise<number> {
    let missing = size
    while (missing > 0) {
      if (this.available === 0 && !(await this.more())) break
      const step = Math.min(missing, this.available)
      this.#at += step
      missing -= step
    }
    return size - missing
  }

  /** Tells the source that no more is wanted. May be called at any time, and more than once. */
  async close(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    await this.#source.return?.()
  }
}
