import type { Transform } from 'node:stream'
import type { ZlibReset } from 'node:zlib'

/**
 * A compressor or decompressor of node:zlib that processes one input after another, each complete in itself. Its
 * state (about 300 KB) and the rest of its output buffer are reused, whereas `gzip()` and `gunzip()` allocate new
 * ones for each input, and collecting that garbage costs half as much as the work itself.
 */
export class ZlibEngine {
  readonly #stream: Transform & ZlibReset
  #pieces: Buffer[] = []

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
}

/**
 * Keeps as many engines as there are calls at the same time. `sharing` says which inputs may share an engine with
 * others of that kind, one after the other; the rest get an engine each. Default: all.
 */
export function engines(
  create: () => ZlibEngine,
  sharing: (input: Uint8Array) => boolean = () => true,
): (input: Uint8Array) => Promise<readonly Buffer[]> {
  const idle: ZlibEngine[] = []
  return async (input) => {
    const engine = (sharing(input) ? idle.pop() : undefined) ?? create()
    // One that failed is in no state to go on, and is dropped.
    const pieces = await engine.run(input)
    if (sharing(input)) idle.push(engine)
    return pieces
  }
}
