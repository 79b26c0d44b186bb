import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Digest, hexOf, isDigest, verified } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { fileError, temporaryPath, writeFileAtomic } from '../base/file.ts'
import type { Blob, Descriptor } from '../model/image.ts'
import type { Store } from '../model/store.ts'
import { openPlainFile, plainFileSize, readRange, readSmallFile, writeNewFile } from './blob-file.ts'
import { withFileLock } from './folder-lock.ts'
import { asString, badImage, parseJsonObject } from './json-value.ts'
import {
  emptyLayoutIndex,
  findDigest,
  findName,
  formatLayoutIndex,
  type LayoutIndex,
  layoutIndexLimit,
  namesOf,
  parseLayoutIndex,
  plain,
  withName,
  withUnnamed,
} from './layout-index.ts'
import { type ParsedManifest, parseManifest, referrerDescriptor, subjectOf } from './manifest.ts'
import { manifestKind, manifestLimit } from './media-type.ts'
import { isLayoutName } from './name.ts'
import { blobIn, noSuchBlob, noSuchName } from './store-error.ts'

/** A store that can say which images it lists, named or not: layouts and archives. */
export interface ListingStore extends Store {
  /** The listed manifests and indices that are not attached to another one, each once. */
  images(): Promise<readonly Descriptor[]>
}

/**
 * An OCI image layout in a folder (image-spec image-layout.md): `openLayout(path)`. Nothing is read or
 * written until it is used; the folder is made by the first `push`. Several processes may write to it at
 * the same time. A manifest with a `subject` gets an entry without a name in index.json when it is
 * pushed; other manifests get theirs by `tag`.
 */
export function openLayout(path: string): ListingStore {
  return new Layout(path)
}

class Layout implements ListingStore {
  readonly #path: string
  readonly #place: string
  #prepared: Promise<void> | undefined
  #checked: Promise<boolean> | undefined

  constructor(path: string) {
    this.#path = path
    this.#place = `oci:${path}`
  }

  async resolve(name: string): Promise<Descriptor> {
    const index = await this.#index()
    if (!isDigest(name)) {
      const found = findName(index, name)
      if (found === undefined) throw noSuchName(name, this.#place, namesOf(index))
      return found
    }
    const listed = findDigest(index, name)
    if (listed !== undefined) return listed
    const size = await this.#size(name)
    if (size === undefined) throw noSuchBlob(name, this.#place)
    if (size > manifestLimit)
      throw badImage(`${blobIn(name, this.#place)}: expected a manifest, found ${size} bytes`)
    const bytes = await this.#read({ mediaType: 'application/json', digest: name, size })
    const parsed = parseManifest(bytes, blobIn(name, this.#place))
    const { mediaType } = parsed.kind === 'index' ? parsed.index : parsed.manifest
    return { mediaType, digest: name, size }
  }

  async has(descriptor: Descriptor): Promise<boolean> {
    return (await this.#size(descriptor.digest)) === descriptor.size
  }

  async *fetch(descriptor: Descriptor): AsyncGenerator<Uint8Array, void, void> {
    const what = blobIn(descriptor.digest, this.#place)
    const file = (await this.#exists()) ? await openPlainFile(this.#blobPath(descriptor.digest)) : undefined
    if (file === undefined) throw noSuchBlob(descriptor.digest, this.#place)
    try {
      const { size } = await file.stat()
      if (size !== descriptor.size)
        throw new TemperError('digest-mismatch', `${what}: expected ${descriptor.size} bytes, found ${size}`)
      yield* verified(readRange(file, { start: 0, end: size, what }), { ...descriptor, what })
    } finally {
      await file.close()
    }
  }

  async push({ descriptor, open }: Blob): Promise<void> {
    await this.#prepare()
    const what = blobIn(descriptor.digest, this.#place)
    const isManifest = manifestKind(descriptor.mediaType) !== undefined
    if (isManifest && descriptor.size > manifestLimit)
      throw new TemperError(
        'limit-exceeded',
        `${what}: ${descriptor.size} bytes, more than a manifest may have`,
      )
    if (!(await this.has(descriptor))) {
      const temporary = temporaryPath(join(this.#path, 'blob'))
      try {
        await writeNewFile(temporary, verified(open(), { ...descriptor, what }))
        if (isManifest) await this.#parse(descriptor, temporary)
        await rename(temporary, this.#blobPath(descriptor.digest))
      } catch (error) {
        throw fileError('write', this.#path, error)
      } finally {
        await rm(temporary, { force: true })
      }
    }
    if (isManifest) await this.#listReferrer(descriptor)
  }

  /** Also for a manifest that was there: a process may have died between writing it and listing it. */
  async #listReferrer(descriptor: Descriptor): Promise<void> {
    const parsed = await this.#parse(descriptor)
    if (subjectOf(parsed) === undefined) return
    const entry = referrerDescriptor(descriptor, parsed)
    const index = await this.#index()
    if (findDigest(index, descriptor.digest) === undefined)
      await this.#update((current) => withUnnamed(current, entry))
  }

  async tag(descriptor: Descriptor, name: string): Promise<void> {
    if (!isLayoutName(name))
      throw new TemperError(
        'bad-reference',
        `"${name.slice(0, 100)}" cannot be the name of an image in a layout`,
      )
    if (!(await this.has(descriptor))) throw noSuchBlob(descriptor.digest, this.#place)
    await this.#prepare()
    await this.#update((index) => withName(index, descriptor, name))
  }

  async *tags(): AsyncGenerator<string, void, void> {
    yield* namesOf(await this.#index())
  }

  async *referrers(subject: Digest, artifactType?: string): AsyncGenerator<Descriptor, void, void> {
    for (const { descriptor, parsed } of await this.#listed()) {
      if (parsed === undefined || subjectOf(parsed)?.digest !== subject) continue
      const found = referrerDescriptor(descriptor, parsed)
      if (artifactType === undefined || found.artifactType === artifactType) yield found
    }
  }

  async images(): Promise<readonly Descriptor[]> {
    const listed = await this.#listed()
    return listed
      .filter(({ parsed }) => parsed === undefined || subjectOf(parsed) === undefined)
      .map(({ descriptor }) => plain(descriptor))
  }

  async close(): Promise<void> {}

  /** What index.json lists, each digest once, with its manifest where the blob is there and is one. */
  async #listed(): Promise<{ descriptor: Descriptor; parsed: ParsedManifest | undefined }[]> {
    const seen = new Map<Digest, Descriptor>()
    for (const { descriptor } of (await this.#index()).entries)
      if (!seen.has(descriptor.digest)) seen.set(descriptor.digest, descriptor)
    const listed: { descriptor: Descriptor; parsed: ParsedManifest | undefined }[] = []
    for (const descriptor of seen.values()) {
      const readable = manifestKind(descriptor.mediaType) !== undefined && (await this.has(descriptor))
      listed.push({ descriptor, parsed: readable ? await this.#parse(descriptor) : undefined })
    }
    return listed
  }

  async #parse(descriptor: Descriptor, path?: string): Promise<ParsedManifest> {
    const where = blobIn(descriptor.digest, this.#place)
    const bytes = path === undefined ? await this.#read(descriptor) : await readSmallFile(path, manifestLimit)
    return parseManifest(bytes ?? new Uint8Array(), where, descriptor.mediaType)
  }

  async #read(descriptor: Descriptor): Promise<Uint8Array> {
    if (descriptor.size > manifestLimit)
      throw badImage(
        `${blobIn(descriptor.digest, this.#place)}: ${descriptor.size} bytes are too many for a manifest`,
      )
    const chunks: Uint8Array[] = []
    for await (const chunk of this.fetch(descriptor)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  async #size(digest: Digest): Promise<number | undefined> {
    return (await this.#exists()) ? plainFileSize(this.#blobPath(digest)) : undefined
  }

  #blobPath(digest: Digest): string {
    return join(this.#path, 'blobs', 'sha256', hexOf(digest))
  }

  async #index(): Promise<LayoutIndex> {
    if (!(await this.#exists())) return emptyLayoutIndex
    const path = join(this.#path, 'index.json')
    const bytes = await readSmallFile(path, layoutIndexLimit)
    return bytes === undefined ? emptyLayoutIndex : parseLayoutIndex(bytes, path)
  }

  /** Replaces index.json by a changed one, while no other process does. */
  async #update(change: (index: LayoutIndex) => LayoutIndex): Promise<void> {
    await withFileLock(join(this.#path, 'index.json.lock'), async (assertHeld) => {
      const text = formatLayoutIndex(change(await this.#index()))
      await assertHeld()
      await writeFileAtomic(join(this.#path, 'index.json'), text)
    })
  }

  /** Whether the folder is a layout. Anything else with content is an error, so that nothing gets mixed up. */
  async #exists(): Promise<boolean> {
    this.#checked ??= this.#check()
    const exists = await this.#checked
    if (!exists) this.#checked = undefined
    return exists
  }

  async #check(): Promise<boolean> {
    const bytes = await readSmallFile(join(this.#path, 'oci-layout'), 4096)
    if (bytes !== undefined) {
      const where = join(this.#path, 'oci-layout')
      const version = asString(
        parseJsonObject(bytes, where)['imageLayoutVersion'],
        `${where}, imageLayoutVersion`,
      )
      if (!/^1\.\d+\.\d+$/.test(version))
        throw badImage(`${where}: unknown layout version "${version.slice(0, 40)}"`)
      await this.#assertOwnFolders()
      return true
    }
    const names = await readdir(this.#path).catch((error): string[] => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw fileError('read', this.#path, error)
    })
    if (names.every((name) => name.startsWith('.tmp-'))) return false
    // Another process made it between the two looks.
    if (names.includes('oci-layout')) return this.#check()
    throw new TemperError(
      'bad-image',
      `${this.#path}: expected an OCI image layout, found a folder without oci-layout`,
      {
        hint: 'Name the folder that holds oci-layout and index.json, or an empty or new one to write to.',
      },
    )
  }

  /** The folders of a layout from outside must not lead elsewhere: blobs are written below them. */
  async #assertOwnFolders(): Promise<void> {
    for (const folder of [join(this.#path, 'blobs'), join(this.#path, 'blobs', 'sha256')]) {
      const stat = await lstat(folder).catch((error) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw fileError('read', folder, error)
      })
      if (stat !== undefined && !stat.isDirectory())
        throw badImage(`${folder}: expected a folder, found something else`)
    }
  }

  #prepare(): Promise<void> {
    this.#prepared ??= this.#create().catch((error) => {
      this.#prepared = undefined
      throw error
    })
    return this.#prepared
  }

  async #create(): Promise<void> {
    // First the file that says what the folder is: a process that dies here leaves something to go on with.
    if (!(await this.#exists()))
      await writeFileAtomic(join(this.#path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
    try {
      await mkdir(join(this.#path, 'blobs', 'sha256'), { recursive: true })
    } catch (error) {
      throw fileError('write', this.#path, error)
    }
  }
}
