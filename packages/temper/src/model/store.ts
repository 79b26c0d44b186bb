import type { ByteStream } from '../base/bytes.ts'
import type { Digest } from '../base/digest.ts'
import type { Blob, Descriptor } from './image.ts'

/**
 * Content-addressed storage for one repository of images: memory, OCI layout, archive, remote registry.
 * One conformance suite runs on every implementation.
 *
 * Guarantees: `fetch` verifies digest and size while it is read; `push` is idempotent and leaves nothing
 * readable unless all bytes matched the descriptor; `tag` is atomic and the last step of publishing.
 */
export interface Store {
  /** The manifest or index that a tag or digest names; TemperError `not-found` when there is none. */
  resolve(name: string | Digest): Promise<Descriptor>
  has(descriptor: Descriptor): Promise<boolean>
  fetch(descriptor: Descriptor): ByteStream
  push(blob: Blob): Promise<void>
  /** The content must have been pushed. Moves the tag when it exists. */
  tag(descriptor: Descriptor, name: string): Promise<void>
  tags(): AsyncIterable<string>
  /** Manifests whose `subject` is the given digest, optionally of one artifact type. */
  referrers(subject: Digest, artifactType?: string): AsyncIterable<Descriptor>
  /** Finishes pending work; archives are written here. */
  close(): Promise<void>
}
