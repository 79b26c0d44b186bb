import type { ByteStream } from '../../base/bytes.ts'
import { Malformed } from '../compress/malformed.ts'

/** The part of a stream that a decoder is working on: it reads byte by byte, and asks for more in between. */
export class InputWindow {
  readonly #source: AsyncIterator<Uint8Array>
  #bytes: Uint8Array = new Uint8Array()
  #at = 0
  #ended = false

  constructor(source: ByteStream) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Waits until `size` bytes, or all that are left, are available; returns their number. */
  async fill(size: number): Promise<number> {
    const parts = [this.#bytes.subarray(this.#at)]
    let have = this.#bytes.length - this.#at
    while (have < size && !this.#ended) {
      const next = await this.#source.next()
      if (next.done) this.#ended = true
      else {
        parts.push(next.value)
        have += next.value.length
      }
    }
    if (parts.length > 1) {
      this.#bytes = Buffer.concat(parts)
      this.#at = 0
    }
    return have
  }

  /** The next byte. Throws `Malformed` when none is available. */
  next(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw new Malformed('it is cut off')
    this.#at++
    return byte
  }

  async close(): Promise<void> {
    await this.#source.return?.()
  }
}
