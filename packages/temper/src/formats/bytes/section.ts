import type { ByteStream } from '../../base/bytes.ts'
import type { ByteCursor } from './byte-cursor.ts'

/**
 * The next `size` bytes of a cursor as a stream of views, then `padding` bytes that are never shown. It can be read
 * once, and only until the archive reader goes on; `finish` then skips what is left unread.
 */
export class Section implements ByteStream {
  readonly #cursor: ByteCursor
  readonly #truncated: () => Error
  readonly #paddingRequired: boolean
  #left: number
  #padding: number

  constructor(
    cursor: ByteCursor,
    extent: {
      readonly size: number
      readonly padding: number
      /** Whether the source may end before the padding does. */
      readonly paddingMayEnd?: boolean
    },
    truncated: () => Error,
  ) {
    this.#cursor = cursor
    this.#left = extent.size
    this.#padding = extent.padding
    this.#paddingRequired = extent.paddingMayEnd !== true
    this.#truncated = truncated
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#left === 0) return { done: true, value: undefined }
    if (this.#cursor.available === 0 && !(await this.#cursor.more())) throw this.#truncated()
    const value = this.#cursor.take(this.#left)
    this.#left -= value.length
    return { done: false, value }
  }

  /** Stopping early is allowed: the archive reader skips the rest. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    return { done: true, value: undefined }
  }

  /** Skips what was not read, and the padding; afterwards the section is empty. */
  async finish(): Promise<void> {
    const [left, padding] = [this.#left, this.#padding]
    this.#left = 0
    this.#padding = 0
    const skipped = left + padding > 0 ? await this.#cursor.skip(left + padding) : 0
    if (skipped < left + (this.#paddingRequired ? padding : 0)) throw this.#truncated()
  }
}
