import type { Transform } from 'node:stream'
import type { ZlibReset } from 'node:zlib'
import { releaseBytes } from '../../base/release.ts'

/**
 * A compressor or decompressor of node:zlib that processes one input after another, each complete in itself. Its
 * state (about 300 KB) and the rest of its output buffer are reused, whereas `gzip()` and `gunzip()` allocate new
 * ones for each input, and collecting that garbage costs half as much as the work itself.
 */
export class ZlibEngine {
  readonly #stream: Transform & ZlibReset
  #pieces: Buffer[] = []
  #output: ArrayBufferLike | undefined

  /** The stream must end what it makes with each write (option `flush`). */
  constructor(stream: Transform) {
    // All of node:zlib's gzip and deflate streams have `reset`; the type declarations miss some.
    this.#stream = stream as Transform & ZlibReset
    stream.on('data', (piece: Buffer) => this.#pieces.push(piece))
  }

  /** The output for one input, in pieces. Must not be called before the previous call is done, or after an error. */
  run(input: Uint8Array): Promise<readonly Buffer[]> {
    return new Promise((resolve, reject) => {
      this.#stream.once('error', reject)
      this.#stream.write(input, (error) => {
        if (error) return reject(error)
        this.#stream.off('error', reject)
        this.#stream.reset()
        const pieces = this.#pieces
        this.#pieces = []
        resolve(pieces)
      })
    })
  }

  /**
   * The same in one piece and in memory of its own: a result that waits to be written does not hold what is left of the output
   * buffer, too, and the buffer is released once it is full. Not for an engine whose `run` is called besides.
   */
  async runWhole(input: Uint8Array): Promise<Buffer> {
    const pieces = await this.run(input)
    const whole = Buffer.allocUnsafeSlow(pieces.reduce((size, piece) => size + piece.length, 0))
    let at = 0
    for (const piece of pieces) {
      // Node goes on to another buffer when one is full, and does not come back.
      if (piece.buffer !== this.#output) this.#leave(piece.buffer)
      whole.set(piece, at)
      at += piece.length
    }
    return whole
  }

  /** A small one is a part of what Node keeps for all buffers. */
  #leave(next: ArrayBufferLike): void {
    if (this.#output !== undefined && this.#output.byteLength > Buffer.poolSize)
      releaseBytes(new Uint8Array(this.#output))
    this.#output = next
  }
}

/**
 * Keeps as many engines as there are calls at the same time. `sharing` says which inputs may share an engine with
 * others of that kind, one after the other; the rest get an engine each. `run` is what is done with one.
 */
export function engines<Result>(
  create: () => ZlibEngine,
  sharing: (input: Uint8Array) => boolean,
  run: (engine: ZlibEngine, input: Uint8Array) => Promise<Result>,
): (input: Uint8Array) => Promise<Result> {
  const idle: ZlibEngine[] = []
  return async (input) => {
    const engine = (sharing(input) ? idle.pop() : undefined) ?? create()
    // One that failed is in no state to go on, and is dropped.
    const result = await run(engine, input)
    if (sharing(input)) idle.push(engine)
    return result
  }
}
