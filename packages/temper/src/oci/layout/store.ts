import { bytesOf, collect } from '../../base/bytes.ts'
import { type Digest, verified } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { Blob, Descriptor } from '../../model/image.ts'
import { parseManifest, referrerDescriptor, subjectOf } from '../image/manifest.ts'
import { manifestKind, manifestLimit } from '../image/media-type.ts'
import { isLayoutName } from '../name.ts'
import { blobIn, noSuchBlob } from '../store-error.ts'
import { findDigest, withName, withUnnamed } from './index-file.ts'
import { LayoutReader, type ListingStore, type WritableLayoutFiles } from './reader.ts'

/** A store over the files of a layout, wherever they are. */
export class LayoutStore implements ListingStore {
  readonly #files: WritableLayoutFiles
  readonly #reader: LayoutReader

  constructor(files: WritableLayoutFiles) {
    this.#files = files
    this.#reader = new LayoutReader(files)
  }

  resolve(name: string): Promise<Descriptor> {
    return this.#reader.resolve(name)
  }

  has(descriptor: Descriptor): Promise<boolean> {
    return this.#reader.has(descriptor)
  }

  fetch(descriptor: Descriptor): AsyncGenerator<Uint8Array, void, void> {
    return this.#reader.fetch(descriptor)
  }

  async push(blob: Blob): Promise<void> {
    if (manifestKind(blob.descriptor.mediaType) !== undefined) return this.#pushManifest(blob)
    if (await this.#reader.has(blob.descriptor)) return
    await this.#files.writeBlob(blob.descriptor.digest, this.#checked(blob))
  }

  async #pushManifest(blob: Blob): Promise<void> {
    const { descriptor } = blob
    const what = blobIn(descriptor.digest, this.#files.place)
    const present = await this.#reader.has(descriptor)
    const source = present ? this.#reader.fetch(descriptor) : this.#checked(blob)
    const bytes = await collect(source, { limit: manifestLimit, what })
    const parsed = parseManifest(bytes, what, descriptor.mediaType)
    if (!present) await this.#files.writeBlob(descriptor.digest, bytesOf(bytes))
    // Also when it was there: a process may have died between writing a manifest and listing it.
    if (subjectOf(parsed) === undefined) return
    if (findDigest(await this.#files.index(), descriptor.digest) !== undefined) return
    const entry = referrerDescriptor(descriptor, parsed)
    await this.#files.updateIndex((index) => withUnnamed(index, entry))
  }

  #checked({ descriptor, open }: Blob): AsyncGenerator<Uint8Array, void, void> {
    const { digest, size } = descriptor
    return verified(open(), { digest, size, what: blobIn(digest, this.#files.place) })
  }

  async tag(descriptor: Descriptor, name: string): Promise<void> {
    if (!isLayoutName(name))
      throw new TemperError(
        'bad-reference',
        `"${name.slice(0, 100)}" cannot be the name of an image in a layout`,
        { hint: 'Use letters, digits, ".", "_" and "-", for example 1.26 or latest.' },
      )
    if (!(await this.has(descriptor))) throw noSuchBlob(descriptor.digest, this.#files.place)
    await this.#files.updateIndex((index) => withName(index, descriptor, name))
  }

  tags(): AsyncGenerator<string, void, void> {
    return this.#reader.tags()
  }

  referrers(subject: Digest, artifactType?: string): AsyncGenerator<Descriptor, void, void> {
    return this.#reader.referrers(subject, artifactType)
  }

  images(): Promise<readonly Descriptor[]> {
    return this.#reader.images()
  }

  async close(): Promise<void> {}
}
