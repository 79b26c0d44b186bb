import { createHash, type Hash, hash } from 'node:crypto'
import { createHasher, type Digest, type Hasher } from '../../base/digest.ts'

/** The digests by which SBOMs and the image name a file. */
export interface FileDigest {
  readonly digest: Digest
  /** In hex, without "sha1:". */
  readonly sha1: string
}

/**
 * Digests a file while its bytes go by. Most files are small and come in one piece: for these, two calls that hash
 * everything at once cost a quarter of creating two hash objects.
 */
export class FileDigests {
  readonly #size: number
  #whole: FileDigest | undefined
  #hashes: { readonly sha256: Hasher; readonly sha1: Hash } | undefined

  /** `size` is that of the whole file. */
  constructor(size: number) {
    this.#size = size
  }

  update(chunk: Uint8Array): void {
    if (chunk.length === this.#size && !this.#hashes) {
      this.#whole = { digest: `sha256:${hash('sha256', chunk)}`, sha1: hash('sha1', chunk) }
      return
    }
    this.#hashes ??= newHashes()
    this.#hashes.sha256.update(chunk)
    this.#hashes.sha1.update(chunk)
  }

  /** Once, after the last chunk. */
  finish(): FileDigest {
    if (this.#whole) return this.#whole
    const { sha256, sha1 } = this.#hashes ?? newHashes()
    return { digest: sha256.digest(), sha1: sha1.digest('hex') }
  }
}

function newHashes() {
  return { sha256: createHasher(), sha1: createHash('sha1') }
}
