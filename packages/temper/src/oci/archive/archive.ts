import { isDigest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { Descriptor } from '../../model/image.ts'
import { badImage } from '../json-value.ts'
import { type LayoutFiles, LayoutReader, type ListingStore } from '../layout/reader.ts'
import { LayoutStore } from '../layout/store.ts'
import { normalizeDockerName } from '../reference.ts'
import { ArchiveFile } from './archive-file.ts'
import { ArchiveFiles, layoutInArchive } from './archive-files.ts'
import { dockerArchive } from './docker-archive.ts'
import { dockerImages, withFullNames } from './docker-name.ts'
import { plainArchive } from './inflate.ts'
import { dockerManifestJson, packLayout, reachable } from './pack.ts'

export interface OpenArchiveOptions {
  /**
   * "oci": an image layout in a tar archive. "docker": the same with the manifest.json of docker save on top, so that
   * docker load, skopeo and podman read it as well; names are full names ("nginx:1.26").
   */
  readonly format: 'oci' | 'docker'
  /** Whether an existing archive keeps its images when it is written to (the default) or loses them. */
  readonly existing?: 'keep' | 'replace'
}

/**
 * A tar archive of images: `openArchive(path, { format })`. Has to be closed, also when only read. What is pushed
 * waits in a temporary folder beside the archive until `close`, which writes the archive in one step if something was
 * tagged, or attached to an existing image. Otherwise, as after an error, nothing changes. Blobs that no tagged image
 * needs are left out.
 *
 * Limits of "docker": manifest.json names one image for each name, of an index the first one; readers other than
 * Temper and Docker 25 or later see neither further platforms nor attachments.
 */
export async function openArchive(path: string, options: OpenArchiveOptions): Promise<ListingStore> {
  const place = `${options.format}-archive:${path}`
  if (options.existing === 'replace') {
    const files = await ArchiveFiles.open({ path, place, existing: undefined, dispose: async () => {} })
    return new Archive(files, options)
  }
  const plainFile = await plainArchive(path)
  try {
    const archive = await ArchiveFile.open(plainFile.path)
    const existing = archive === undefined ? undefined : await filesOf(archive, options.format, place)
    const dispose = async () => {
      await archive?.close()
      await plainFile.dispose()
    }
    return new Archive(await ArchiveFiles.open({ path, place, existing, dispose }), options)
  } catch (error) {
    await plainFile.dispose()
    throw error
  }
}

async function filesOf(archive: ArchiveFile, format: 'oci' | 'docker', place: string): Promise<LayoutFiles> {
  try {
    if (format === 'docker') return await dockerArchive(archive, place)
    const layout = await layoutInArchive(archive, place)
    if (layout !== undefined) return layout
    throw badImage(`${place}: expected an image layout in a tar archive, found none`)
  } catch (error) {
    await archive.close()
    throw error
  }
}

class Archive extends LayoutStore {
  readonly #files: ArchiveFiles
  readonly #options: OpenArchiveOptions

  constructor(files: ArchiveFiles, options: OpenArchiveOptions) {
    super(files)
    this.#files = files
    this.#options = options
  }

  override async resolve(name: string): Promise<Descriptor> {
    return super.resolve(isDigest(name) ? name : (this.#name(name) ?? name))
  }

  override async tag(descriptor: Descriptor, name: string): Promise<void> {
    const normalized = this.#name(name)
    if (normalized === undefined)
      throw new TemperError('bad-reference', `"${name.slice(0, 100)}" is not a name of the form NAME:TAG`, {
        hint: 'Write for example docker-archive:image.tar:nginx:1.26.',
      })
    await super.tag(descriptor, normalized)
    this.#files.commit = true
  }

  override async close(): Promise<void> {
    await this.#files.close((files) => this.#pack(files))
  }

  #name(name: string): string | undefined {
    return this.#options.format === 'docker' ? normalizeDockerName(name) : name
  }

  async *#pack(files: ArchiveFiles): AsyncGenerator<Uint8Array, void, void> {
    const index = await files.index()
    const reader = new LayoutReader(files)
    const blobs = await reachable(reader, index)
    if (this.#options.format === 'oci') {
      yield* packLayout(files, blobs, { index, texts: [] })
      return
    }
    const texts = [{ name: 'manifest.json', text: dockerManifestJson(await dockerImages(reader, index)) }]
    yield* packLayout(files, blobs, { index: withFullNames(index), texts })
  }
}
