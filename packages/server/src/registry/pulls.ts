import { LRUCache } from 'lru-cache'
import type { ContentDigest } from './name.ts'
import type { Repository } from './storage/repository.ts'

/** Milliseconds between two notes of the same manifest: retention counts days. */
const noteEvery = 3600 * 1000
/** Manifests that are remembered to have been noted. */
const remembered = 100_000

/** Notes which manifests are pulled, at most once an hour each, so that those in use are kept. */
export class Pulls {
  readonly #noted = new LRUCache<string, true>({ max: remembered, ttl: noteEvery })
  readonly #writing = new Set<Promise<void>>()

  note(
    { name, repository }: { readonly name: string; readonly repository: Repository },
    digest: ContentDigest,
  ): void {
    const key = `${name}@${digest}`
    if (this.#noted.has(key)) return
    this.#noted.set(key, true)
    // No answer waits for it; the next pull tries again.
    const written = repository
      .markPulled(digest)
      .catch(() => void this.#noted.delete(key))
      .finally(() => this.#writing.delete(written))
    this.#writing.add(written)
  }

  /** Ends when everything noted so far is written. */
  async close(): Promise<void> {
    await Promise.all(this.#writing)
  }
}
