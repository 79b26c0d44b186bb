import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Texts that wait to be printed together: as bytes outside the heap, packed once they are many megabytes. */
export class PackedTexts implements Iterable<string> {
  readonly #texts: PackedText[] = []
  #size = 0

  get count(): number {
    return this.#texts.length
  }

  add(text: string): void {
    const bytes = Buffer.from(text, 'utf8')
    const isPacked = this.#size > plainSize
    this.#texts.push({
      bytes: isPacked ? zstdCompressSync(bytes, quickly) : bytes,
      ...(isPacked && { size: bytes.length }),
    })
    this.#size += bytes.length
  }

  *[Symbol.iterator](): Generator<string> {
    for (const { bytes, size } of this.#texts)
      yield (size === undefined ? bytes : unpacked(bytes, size)).toString('utf8')
  }
}

interface PackedText {
  readonly bytes: Buffer
  /** Bytes of the text; absent where it is not packed. */
  readonly size?: number
}

/** In one piece: Node's own pieces would be put together in a second buffer, and both wait for V8 to collect. */
function unpacked(bytes: Uint8Array, size: number): Buffer {
  return zstdDecompressSync(bytes, { chunkSize: Math.max(size, smallestChunk) })
}

/** Node takes no less. */
const smallestChunk = 64

/** Bytes that are not worth packing. */
const plainSize = 8 << 20
const quickly = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
