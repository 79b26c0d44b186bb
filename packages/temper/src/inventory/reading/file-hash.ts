import { createHash, type Hash, hash } from 'node:crypto'

export type FileHashes = { readonly sha256: string; readonly sha1?: string }

/** Digests of files in addition to SHA-256. */
export type ExtraHash = 'none' | 'sha1'

/**
 * Hashes a file while its bytes go by. Most files are small and come in one piece: for these the call that takes
 * all at once costs a quarter of making a hash object.
 */
export class FileHasher {
  readonly #size: number
  readonly #extra: ExtraHash
  #whole: FileHashes | undefined
  #sha256: Hash | undefined
  #sha1: Hash | undefined

  /** `size` is that of the whole file. */
  constructor(size: number, extra: ExtraHash) {
    this.#size = size
    this.#extra = extra
  }

  update(chunk: Uint8Array): void {
    if (this.#sha256 === undefined && chunk.length === this.#size) {
      this.#whole = this.#hashed(chunk)
      return
    }
    this.#sha256 ??= createHash('sha256')
    this.#sha256.update(chunk)
    if (this.#extra === 'none') return
    this.#sha1 ??= createHash('sha1')
    this.#sha1.update(chunk)
  }

  /** Once, after the last chunk. */
  finish(): FileHashes {
    if (this.#whole) return this.#whole
    if (this.#sha256 === undefined) return this.#hashed(new Uint8Array())
    const sha256 = this.#sha256.digest('hex')
    return this.#sha1 === undefined ? { sha256 } : { sha256, sha1: this.#sha1.digest('hex') }
  }

  #hashed(bytes: Uint8Array): FileHashes {
    const sha256 = hash('sha256', bytes)
    return this.#extra === 'none' ? { sha256 } : { sha256, sha1: hash('sha1', bytes) }
  }
}
