import type { Digest } from '../../base/digest.ts'

/** Manifests that are kept in memory, up to a number of bytes; once that is reached, further ones are not kept. */
export class KeptManifests {
  readonly #kept = new Map<Digest, Uint8Array>()
  #room: number

  constructor(room: number) {
    this.#room = room
  }

  get(digest: Digest): Uint8Array | undefined {
    return this.#kept.get(digest)
  }

  /** @param bytes the content whose digest the first parameter is, which is not checked. */
  add(digest: Digest, bytes: Uint8Array): void {
    if (this.#kept.has(digest) || bytes.length > this.#room) return
    this.#room -= bytes.length
    this.#kept.set(digest, bytes)
  }
}
