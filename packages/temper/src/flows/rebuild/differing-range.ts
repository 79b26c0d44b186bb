import type { ByteStream } from '../../base/bytes.ts'

/** Bytes from `start` up to `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** The smallest range outside which two streams are equal; undefined when they are equal. */
export async function differingRange(a: ByteStream, b: ByteStream): Promise<ByteRange | undefined> {
  const [left, right] = [new Reader(a), new Reader(b)]
  let position = 0
  let range: ByteRange | undefined
  try {
    for (;;) {
      const [x, y] = [await left.peek(), await right.peek()]
      const length = Math.min(x.length, y.length)
      if (length === 0)
        return extended(range, position, position + Math.max(await left.rest(), await right.rest()))
      const inner = rangeIn(x.subarray(0, length), y.subarray(0, length))
      if (inner !== undefined) range = extended(range, position + inner.start, position + inner.end)
      position += length
      left.skip(length)
      right.skip(length)
    }
  } finally {
    await left.close()
    await right.close()
  }
}

function extended(range: ByteRange | undefined, start: number, end: number): ByteRange | undefined {
  if (start === end) return range
  return { start: range?.start ?? start, end }
}

/** The same for two arrays of one length. */
function rangeIn(x: Uint8Array, y: Uint8Array): ByteRange | undefined {
  if (Buffer.compare(x, y) === 0) return undefined
  let start = 0
  while (x[start] === y[start]) start++
  let end = x.length
  while (x[end - 1] === y[end - 1]) end--
  return { start, end }
}

/** A stream that is read piece by piece. */
class Reader {
  readonly #iterator: AsyncIterator<Uint8Array>
  #chunk: Uint8Array = new Uint8Array()

  constructor(source: ByteStream) {
    this.#iterator = source[Symbol.asyncIterator]()
  }

  /** The available bytes; empty only at the end. */
  async peek(): Promise<Uint8Array> {
    while (this.#chunk.length === 0) {
      const next = await this.#iterator.next()
      if (next.done) break
      this.#chunk = next.value
    }
    return this.#chunk
  }

  skip(length: number): void {
    this.#chunk = this.#chunk.subarray(length)
  }

  /** Reads to the end and returns the number of bytes. */
  async rest(): Promise<number> {
    let size = 0
    for (let chunk = await this.peek(); chunk.length > 0; chunk = await this.peek()) {
      size += chunk.length
      this.skip(chunk.length)
    }
    return size
  }

  async close(): Promise<void> {
    await this.#iterator.return?.()
  }
}
