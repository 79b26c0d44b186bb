import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Texts that wait to be printed together: as bytes outside the heap, packed once they are many megabytes. */
export class PackedTexts implements Iterable<string> {
  readonly #texts: { readonly bytes: Uint8Array; readonly isPacked: boolean }[] = []
  #size = 0

  get count(): number {
    return this.#texts.length
  }

  add(text: string): void {
    const bytes = Buffer.from(text, 'utf8')
    const isPacked = this.#size > plainSize
    this.#texts.push({ bytes: isPacked ? zstdCompressSync(bytes, quickly) : bytes, isPacked })
    this.#size += bytes.length
  }

  *[Symbol.iterator](): Generator<string> {
    for (const { bytes, isPacked } of this.#texts)
      yield (isPacked ? zstdDecompressSync(bytes) : Buffer.from(bytes)).toString('utf8')
  }
}

/** Bytes that are not worth packing. */
const plainSize = 8 << 20
const quickly = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
