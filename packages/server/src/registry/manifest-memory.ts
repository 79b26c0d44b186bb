import { LRUCache } from 'lru-cache'
import { Bytes } from './exchange.ts'
import type { ContentDigest } from './name.ts'
import type { Storage } from './storage/storage.ts'

/** Most bytes of manifests that are kept in memory. */
const memoryLimit = 64 << 20
/** Milliseconds after which another process's deletion is seen. */
const freshFor = 1000

export interface StoredManifest {
  readonly mediaType: string
  readonly bytes: Uint8Array
  /** The same, as it is sent. */
  readonly body: Bytes
}

/** Manifests that were read a moment ago: the content of a digest never changes, and pulls begin with manifests. */
export class ManifestMemory {
  readonly #storage: Storage
  readonly #kept = new LRUCache<string, StoredManifest>({
    maxSize: memoryLimit,
    sizeCalculation: ({ bytes }, key) => 2 * bytes.length + key.length + 200,
    ttl: freshFor,
  })

  constructor(storage: Storage) {
    this.#storage = storage
  }

  async read(name: string, digest: ContentDigest): Promise<StoredManifest | undefined> {
    const key = `${name}@${digest}`
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    const mediaType = await this.#storage.repository(name).manifestType(digest)
    if (mediaType === undefined) return undefined
    const bytes = await this.#storage.content.read(digest)
    if (bytes === undefined) return undefined
    const manifest = { mediaType, bytes, body: new Bytes(bytes) }
    this.#kept.set(key, manifest)
    return manifest
  }

  forget(name: string, digest: ContentDigest): void {
    this.#kept.delete(`${name}@${digest}`)
  }
}
