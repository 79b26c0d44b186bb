import { collect } from '../base/bytes.ts'
import { type Digest, isDigest, verified } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import type { Blob, Descriptor } from '../model/image.ts'
import type { Store } from '../model/store.ts'
import { parseManifest, referrerDescriptor, subjectOf } from './image/manifest.ts'
import { manifestKind, manifestLimit } from './image/media-type.ts'
import { isLayoutName } from './name.ts'
import { blobIn, noSuchBlob, noSuchName } from './store-error.ts'

/** Most bytes of one blob in memory. */
const blobLimit = 1 << 30

/** A store in memory: `createMemoryStore()`. For tests, and for small artifacts on their way. */
export function createMemoryStore(): Store {
  return new MemoryStore()
}

class MemoryStore implements Store {
  readonly #blobs = new Map<Digest, Uint8Array>()
  readonly #manifests = new Map<Digest, Descriptor>()
  readonly #names = new Map<string, Digest>()
  readonly #referrers = new Map<Digest, Map<Digest, Descriptor>>()

  async resolve(name: string): Promise<Descriptor> {
    const digest = isDigest(name) ? name : this.#names.get(name)
    const descriptor = digest === undefined ? undefined : this.#manifests.get(digest)
    if (descriptor === undefined) throw noSuchName(name, 'memory', [...this.#names.keys()].sort())
    return descriptor
  }

  async has(descriptor: Descriptor): Promise<boolean> {
    return this.#blobs.get(descriptor.digest)?.length === descriptor.size
  }

  async *fetch(descriptor: Descriptor): AsyncGenerator<Uint8Array, void, void> {
    const bytes = this.#blobs.get(descriptor.digest)
    if (bytes === undefined) throw noSuchBlob(descriptor.digest, 'memory')
    if (bytes.length !== descriptor.size) {
      const what = blobIn(descriptor.digest, 'memory')
      throw new TemperError(
        'digest-mismatch',
        `${what}: expected ${descriptor.size} bytes, found ${bytes.length}`,
      )
    }
    yield bytes
  }

  async push({ descriptor, open }: Blob): Promise<void> {
    if (await this.has(descriptor)) return
    const what = blobIn(descriptor.digest, 'memory')
    const isManifest = manifestKind(descriptor.mediaType) !== undefined
    const limit = isManifest ? manifestLimit : blobLimit
    const bytes = await collect(verified(open(), { ...descriptor, what }), { limit, what })
    if (isManifest) this.#record(descriptor, bytes)
    this.#blobs.set(descriptor.digest, bytes)
  }

  #record(descriptor: Descriptor, bytes: Uint8Array): void {
    const { mediaType, digest, size } = descriptor
    const parsed = parseManifest(bytes, blobIn(digest, 'memory'), mediaType)
    this.#manifests.set(digest, { mediaType, digest, size })
    const subject = subjectOf(parsed)
    if (subject === undefined) return
    const known = this.#referrers.get(subject.digest) ?? new Map<Digest, Descriptor>()
    known.set(digest, referrerDescriptor(descriptor, parsed))
    this.#referrers.set(subject.digest, known)
  }

  async tag(descriptor: Descriptor, name: string): Promise<void> {
    if (!isLayoutName(name)) throw new TemperError('bad-reference', `"${name.slice(0, 100)}" is not a tag`)
    if (!this.#manifests.has(descriptor.digest)) throw noSuchBlob(descriptor.digest, 'memory')
    this.#names.set(name, descriptor.digest)
  }

  async *tags(): AsyncGenerator<string, void, void> {
    yield* [...this.#names.keys()].sort()
  }

  async *referrers(subject: Digest, artifactType?: string): AsyncGenerator<Descriptor, void, void> {
    for (const each of this.#referrers.get(subject)?.values() ?? [])
      if (artifactType === undefined || each.artifactType === artifactType) yield each
  }

  async close(): Promise<void> {}
}
