import { type ByteStream, collect } from '../../base/bytes.ts'
import { type Digest, isDigest, verified } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { type ParsedManifest, parseManifest, referrerDescriptor, subjectOf } from '../image/manifest.ts'
import { manifestKind, manifestLimit } from '../image/media-type.ts'
import { badImage } from '../json-value.ts'
import { isAttachmentTag, referrersTag } from '../name.ts'
import { blobIn, noSuchBlob, noSuchName } from '../store-error.ts'
import { findDigest, findName, type LayoutIndex, namesOf, plain } from './index-file.ts'

/** A store that can say which images it lists, named or not: layouts and archives. */
export interface ListingStore extends Store {
  /** The listed manifests and indices that are not attached to another one, each once. */
  images(): Promise<readonly Descriptor[]>
}

/** The bytes of an opened blob. They are either read or closed, exactly once. */
export interface OpenBlob {
  readonly size: number
  read(): AsyncGenerator<Uint8Array, void, void>
  close(): Promise<void>
}

/** The files of an image layout, in a folder or in an archive. */
export interface LayoutFiles {
  /** How errors name it: "oci:out/nginx". */
  readonly place: string
  /** Bytes of a blob; undefined when there is none. */
  blobSize(digest: Digest): Promise<number | undefined>
  openBlob(digest: Digest): Promise<OpenBlob | undefined>
  index(): Promise<LayoutIndex>
}

export interface WritableLayoutFiles extends LayoutFiles {
  /** Writes a blob that becomes visible when all its bytes were read without error. */
  writeBlob(digest: Digest, content: ByteStream): Promise<void>
  /** Replaces the index with a changed one; no other change gets lost. */
  updateIndex(change: (index: LayoutIndex) => LayoutIndex): Promise<void>
}

interface ListedManifest {
  readonly descriptor: Descriptor
  readonly parsed: ParsedManifest | undefined
  /** True when the blob is there but does not match its digest, or is not a manifest. */
  readonly damaged: boolean
}

const damage = new Set(['digest-mismatch', 'bad-image', 'limit-exceeded'])

/** The reading half of a store over the files of a layout. */
export class LayoutReader {
  readonly #files: LayoutFiles

  constructor(files: LayoutFiles) {
    this.#files = files
  }

  async resolve(name: string): Promise<Descriptor> {
    const { place } = this.#files
    const index = await this.#files.index()
    if (!isDigest(name)) {
      const descriptor = findName(index, name)
      if (descriptor === undefined) throw noSuchName(name, place, namesOf(index))
      return descriptor
    }
    const listed = findDigest(index, name)
    if (listed !== undefined) return listed
    const size = await this.#files.blobSize(name)
    if (size === undefined) throw noSuchBlob(name, place)
    const parsed = parseManifest(
      await this.#readManifest({ mediaType: '', digest: name, size }),
      blobIn(name, place),
    )
    const { mediaType } = parsed.kind === 'index' ? parsed.index : parsed.manifest
    return { mediaType, digest: name, size }
  }

  async has(descriptor: Descriptor): Promise<boolean> {
    return (await this.#files.blobSize(descriptor.digest)) === descriptor.size
  }

  async *fetch(descriptor: Descriptor): AsyncGenerator<Uint8Array, void, void> {
    const what = blobIn(descriptor.digest, this.#files.place)
    const blob = await this.#files.openBlob(descriptor.digest)
    if (blob === undefined) throw noSuchBlob(descriptor.digest, this.#files.place)
    try {
      if (blob.size !== descriptor.size)
        throw new TemperError(
          'digest-mismatch',
          `${what}: expected ${descriptor.size} bytes, found ${blob.size}`,
          { hint: 'The image is damaged here. Copy or build it again.' },
        )
      yield* verified(blob.read(), { digest: descriptor.digest, size: descriptor.size, what })
    } finally {
      await blob.close()
    }
  }

  async *tags(): AsyncGenerator<string, void, void> {
    for (const name of namesOf(await this.#files.index())) if (!isAttachmentTag(name)) yield name
  }

  async *referrers(subject: Digest, artifactType?: string): AsyncGenerator<Descriptor, void, void> {
    const seen = new Set<Digest>()
    for (const { descriptor, parsed, damaged } of await this.#listed()) {
      // What cannot be read may be attached to this one; whoever reads it is told what is wrong with it.
      if (!damaged && (parsed === undefined || subjectOf(parsed)?.digest !== subject)) continue
      const referrer = parsed === undefined ? plain(descriptor) : referrerDescriptor(descriptor, parsed)
      seen.add(descriptor.digest)
      if (artifactType === undefined || referrer.artifactType === artifactType) yield referrer
    }
    for (const referrer of await this.#listedByTag(subject))
      if (
        !seen.has(referrer.digest) &&
        (artifactType === undefined || referrer.artifactType === artifactType)
      )
        yield referrer
  }

  /**
   * Some tools keep what refers to a manifest in a layout as they do in a registry without the API for it: in an index under a tag
   * (distribution-spec 1.1, "Referrers Tag Schema"; regclient does), and nowhere else.
   */
  async #listedByTag(subject: Digest): Promise<readonly Descriptor[]> {
    const list = findName(await this.#files.index(), referrersTag(subject))
    if (list === undefined || list.digest === subject) return []
    const parsed = await this.parse(list)
    if (parsed.kind !== 'index') return []
    const referrers: Descriptor[] = []
    for (const member of parsed.index.manifests) {
      const isTold =
        member.artifactType !== undefined || (await this.#files.blobSize(member.digest)) === undefined
      referrers.push(isTold ? member : referrerDescriptor(member, await this.parse(member)))
    }
    return referrers
  }

  async images(): Promise<readonly Descriptor[]> {
    const listed = await this.#listed()
    const attached = new Set(
      (await this.#files.index()).entries
        .filter(({ name }) => name !== undefined && isAttachmentTag(name))
        .map(({ descriptor }) => descriptor.digest),
    )
    return listed
      .filter(({ descriptor, damaged }) => !damaged && !attached.has(descriptor.digest))
      .filter(({ parsed }) => parsed === undefined || subjectOf(parsed) === undefined)
      .map(({ descriptor }) => plain(descriptor))
  }

  async parse(descriptor: Descriptor): Promise<ParsedManifest> {
    const bytes = await this.#readManifest(descriptor)
    return parseManifest(bytes, blobIn(descriptor.digest, this.#files.place), descriptor.mediaType)
  }

  /** The entries of index.json, each digest once, with its manifest where the blob exists and is one. */
  async #listed(): Promise<ListedManifest[]> {
    const { entries } = await this.#files.index()
    const seen = new Map<Digest, Descriptor>()
    for (const { descriptor } of entries)
      if (!seen.has(descriptor.digest)) seen.set(descriptor.digest, descriptor)
    const named = new Set(
      entries.filter(({ name }) => name !== undefined).map(({ descriptor }) => descriptor.digest),
    )
    const listed: ListedManifest[] = []
    for (const descriptor of seen.values()) {
      const isManifest = manifestKind(descriptor.mediaType) !== undefined
      const isThere = isManifest && (await this.#files.blobSize(descriptor.digest)) !== undefined
      if (!isThere) listed.push({ descriptor, parsed: undefined, damaged: false })
      else listed.push(await this.#parseListed(descriptor, named))
    }
    return listed
  }

  /**
   * Reads a manifest so that a damaged one does not hide all others. One with a name still counts as an image;
   * reading it reports the damage.
   */
  async #parseListed(descriptor: Descriptor, named: ReadonlySet<Digest>): Promise<ListedManifest> {
    try {
      return { descriptor, parsed: await this.parse(descriptor), damaged: false }
    } catch (error) {
      if (!(error instanceof TemperError) || !damage.has(error.code)) throw error
      return { descriptor, parsed: undefined, damaged: !named.has(descriptor.digest) }
    }
  }

  async #readManifest(descriptor: Descriptor): Promise<Uint8Array> {
    const what = blobIn(descriptor.digest, this.#files.place)
    if (descriptor.size > manifestLimit)
      throw badImage(`${what}: expected a manifest, found ${descriptor.size} bytes`)
    return collect(this.fetch(descriptor), { limit: manifestLimit, what })
  }
}
