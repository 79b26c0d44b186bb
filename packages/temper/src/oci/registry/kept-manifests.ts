import type { Digest } from '../../base/digest.ts'

/** Manifests that are at hand, up to so many bytes; what comes when there is no more room is not kept. */
export class KeptManifests {
  readonly #kept = new Map<Digest, Uint8Array>()
  #room: number

  constructor(room: number) {
    this.#room = room
  }

  get(digest: Digest): Uint8Array | undefined {
    return this.#kept.get(digest)
  }

  /** @param bytes of which the digest is that of the first parameter: it is not checked. */
  add(digest: Digest, bytes: Uint8Array): void {
    if (this.#kept.has(digest) || bytes.length > this.#room) return
    this.#room -= bytes.length
    this.#kept.set(digest, bytes)
  }
}
