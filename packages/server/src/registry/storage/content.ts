import { createReadStream } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type ContentDigest, type DigestAlgorithm, isContentDigest, partsOf } from '../name.ts'
import {
  bytesIfThere,
  moveIntoPlace,
  namesIn,
  removeOlder,
  restoreAside,
  sizeIfThere,
  touch,
  writeWhole,
} from './files.ts'

/** Bytes `start` up to and including `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

const algorithms: readonly DigestAlgorithm[] = ['sha256', 'sha512']

/**
 * The bytes of all repositories, each content once, in the form of an OCI layout (image-spec image-layout.md):
 * blobs/ALGORITHM/HEX. This class does not know which repository may show which content.
 */
export class Content {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  size(digest: ContentDigest): Promise<number | undefined> {
    return sizeIfThere(this.#path(digest))
  }

  open(digest: ContentDigest, range?: ByteRange): Readable {
    return createReadStream(this.#path(digest), { ...range, highWaterMark: 256 << 10 })
  }

  /** The whole of small content. */
  async read(digest: ContentDigest): Promise<Uint8Array | undefined> {
    return bytesIfThere(this.#path(digest))
  }

  /** Stores small content that the caller has checked. */
  async write(digest: ContentDigest, bytes: Uint8Array): Promise<void> {
    if (await this.keep(digest)) return
    await writeWhole(this.#path(digest), bytes)
  }

  /** Stores a file whose digest the caller has checked; the file is gone afterwards. */
  async adopt(file: string, digest: ContentDigest): Promise<void> {
    if (await this.keep(digest)) await rm(file, { force: true })
    else await moveIntoPlace(file, this.#path(digest))
  }

  /**
   * Makes content as young as if it had been pushed now, so that a sweep that began before a repository used it does
   * not remove it. False when the content is not there.
   */
  async keep(digest: ContentDigest): Promise<boolean> {
    return touch(this.#path(digest))
  }

  /** Restores what an interrupted sweep left aside. */
  async recover(): Promise<void> {
    for (const algorithm of algorithms) await restoreAside(join(this.#root, 'blobs', algorithm))
  }

  /** Every stored digest, with the time when it was last pushed. */
  async *all(): AsyncGenerator<{
    readonly digest: ContentDigest
    readonly pushed: Date
    readonly size: number
  }> {
    for (const algorithm of algorithms) {
      for (const hex of await namesIn(join(this.#root, 'blobs', algorithm))) {
        const digest = `${algorithm}:${hex}`
        if (!isContentDigest(digest)) continue
        const stats = await stat(this.#path(digest)).catch(() => undefined)
        if (stats !== undefined) yield { digest, pushed: stats.mtime, size: stats.size }
      }
    }
  }

  /** Removes content that was last pushed before a time (milliseconds since 1970); returns whether it did. */
  async removeOlder(digest: ContentDigest, before: number): Promise<boolean> {
    return removeOlder(this.#path(digest), before)
  }

  /** Throws when the folder cannot be read. */
  async check(): Promise<void> {
    await readdir(this.#root)
  }

  #path(digest: ContentDigest): string {
    const { algorithm, hex } = partsOf(digest)
    return join(this.#root, 'blobs', algorithm, hex)
  }
}
