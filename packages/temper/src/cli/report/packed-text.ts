import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { releaseBytes } from '../../base/release.ts'

/** A long text that waits to be printed: as bytes outside the heap, packed a chunk at a time. */
export class PackedText {
  readonly #packed: Chunk[] = []
  #open: Buffer | undefined
  #used = 0

  /** Puts more text at the end. */
  add(text: string): void {
    let rest = text
    while (rest !== '') {
      this.#open ??= Buffer.allocUnsafeSlow(chunkSize)
      const { read, written } = encoder.encodeInto(rest, this.#open.subarray(this.#used))
      this.#used += written
      // A character that does not fit as a whole is left for the next chunk.
      if (read < rest.length) this.#pack(this.#open)
      rest = rest.slice(read)
    }
  }

  /** The text in UTF-8. Each piece holds until the next one is asked for. */
  *[Symbol.iterator](): Generator<Uint8Array, void, void> {
    for (const { bytes, size } of this.#packed) {
      // In one piece: Node's own pieces would be put together in a second buffer. For one that is full it makes another.
      const piece = zstdDecompressSync(bytes, { chunkSize: size + 1 })
      yield piece
      releaseBytes(new Uint8Array(piece.buffer))
    }
    if (this.#open !== undefined) yield this.#open.subarray(0, this.#used)
  }

  #pack(open: Buffer): void {
    const bytes = zstdCompressSync(open.subarray(0, this.#used), quickly)
    // What Node gives is the start of something larger.
    this.#packed.push({ bytes: Uint8Array.from(bytes), size: this.#used })
    this.#used = 0
  }
}

interface Chunk {
  readonly bytes: Uint8Array
  /** Bytes of the text. */
  readonly size: number
}

/** A single result fits into one, and is never packed. */
const chunkSize = 256 << 10

const encoder = new TextEncoder()
const quickly = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
