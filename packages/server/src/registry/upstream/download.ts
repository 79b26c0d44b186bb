import { open } from 'node:fs/promises'
import type { ContentDigest } from '../name.ts'
import type { RepositoryPlace } from '../place.ts'
import type { ByteRange } from '../storage/content.ts'

const pieceSize = 256 << 10

/** A blob that is being fetched: other clients that ask for it read what has arrived, and wait for the rest. */
export class Download {
  readonly size: number
  readonly done: Promise<void>
  readonly #file: Promise<string>
  readonly #content: (range: ByteRange) => AsyncIterable<Uint8Array>
  #written = 0
  #failure: unknown
  #moved = Promise.withResolvers<void>()

  constructor(
    place: RepositoryPlace,
    {
      digest,
      size,
      source,
    }: { readonly digest: ContentDigest; readonly size: number; readonly source: AsyncIterable<Uint8Array> },
  ) {
    const { uploads, content } = place.storage
    this.size = size
    this.#content = (range) => content.open(digest, range)
    const begun = uploads.begin(place.repository)
    this.#file = begun.then((id) => uploads.file(place.repository, id))
    // Nobody may be reading: "done" tells of it.
    this.#file.catch(() => undefined)
    this.done = (async () => {
      const id = await begun
      try {
        await uploads.append(place.repository, id, { bytes: this.#counted(source), limit: size })
        await content.adopt(await uploads.finish(place.repository, id, digest), digest)
        await place.repository.addBlob(digest)
        await content.keep(digest)
      } catch (error) {
        await uploads.cancel(place.repository, id).catch(() => undefined)
        this.#failure = error
        throw error
      } finally {
        this.#moved.resolve()
      }
    })()
    // Those who wait are told; nobody may be waiting.
    this.done.catch(() => undefined)
  }

  /** Bytes as they arrive. Throws the error of the download. */
  async *read({ start, end }: ByteRange): AsyncGenerator<Uint8Array> {
    // The file stays the same one when it moves to its place.
    const file = await open(await this.#file, 'r').catch(() => undefined)
    if (file === undefined) {
      await this.done
      yield* this.#content({ start, end })
      return
    }
    try {
      for (let at = start; at <= end; ) {
        const moved = this.#moved.promise
        const length = Math.min(pieceSize, this.#written - at, end + 1 - at)
        if (length > 0) {
          const piece = Buffer.allocUnsafe(length)
          const { bytesRead } = await file.read(piece, 0, length, at)
          at += bytesRead
          // Nobody has all bytes before they are known to be the right ones.
          if (at === this.size) await this.done
          yield piece.subarray(0, bytesRead)
          continue
        }
        if (this.#failure !== undefined) throw this.#failure
        await moved
      }
    } finally {
      await file.close()
    }
  }

  /** A piece is on disk when the next one is requested. */
  async *#counted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of source) {
      yield piece
      this.#written += piece.length
      const { resolve } = this.#moved
      this.#moved = Promise.withResolvers<void>()
      resolve()
    }
  }
}
