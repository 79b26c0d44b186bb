import { rm } from 'node:fs/promises'
import type { ByteStream } from '../../base/bytes.ts'
import type { Digest } from '../../base/digest.ts'
import { temporaryPath, writeFileAtomic } from '../../base/file.ts'
import { badImage } from '../json-value.ts'
import { assertVersion, LayoutFolder } from '../layout/folder.ts'
import {
  emptyLayoutIndex,
  type LayoutIndex,
  layoutIndexLimit,
  parseLayoutIndex,
} from '../layout/index-file.ts'
import type { LayoutFiles, OpenBlob, WritableLayoutFiles } from '../layout/reader.ts'
import { type ArchiveFile, blobName, openInArchive } from './archive-file.ts'

/** The files of an image layout inside a tar archive. Undefined when it holds none. */
export async function layoutInArchive(archive: ArchiveFile, place: string): Promise<LayoutFiles | undefined> {
  const marker = await archive.readSmall('oci-layout', 4096)
  if (marker === undefined) return undefined
  assertVersion(marker, `${place}, oci-layout`)
  const bytes = await archive.readSmall('index.json', layoutIndexLimit)
  if (bytes === undefined) throw badImage(`${place}: the archive has no index.json`)
  const index = parseLayoutIndex(bytes, `${place}, index.json`)
  return {
    place,
    index: async () => index,
    blobSize: async (digest) => archive.size(blobName(digest)),
    openBlob: async (digest) => openInArchive(archive, blobName(digest)),
  }
}

export interface ArchiveParts {
  readonly path: string
  readonly place: string
  /** The images of the existing archive. */
  readonly existing: LayoutFiles | undefined
  /** Closes what `existing` reads from. */
  dispose(): Promise<void>
}

/**
 * The files of an archive that is being changed: new blobs are in a temporary folder beside it, the others stay where
 * they are, and the index is in memory.
 */
export class ArchiveFiles implements WritableLayoutFiles {
  readonly place: string
  /** Whether there is something worth writing. */
  commit = false
  readonly #parts: ArchiveParts
  readonly #spool: LayoutFolder
  #index: LayoutIndex

  private constructor(parts: ArchiveParts, index: LayoutIndex) {
    this.place = parts.place
    this.#parts = parts
    this.#spool = new LayoutFolder(temporaryPath(parts.path))
    this.#index = index
  }

  static async open(parts: ArchiveParts): Promise<ArchiveFiles> {
    return new ArchiveFiles(parts, (await parts.existing?.index()) ?? emptyLayoutIndex)
  }

  async index(): Promise<LayoutIndex> {
    return this.#index
  }

  async blobSize(digest: Digest): Promise<number | undefined> {
    return (await this.#spool.blobSize(digest)) ?? this.#parts.existing?.blobSize(digest)
  }

  async openBlob(digest: Digest): Promise<OpenBlob | undefined> {
    return (await this.#spool.openBlob(digest)) ?? this.#parts.existing?.openBlob(digest)
  }

  async writeBlob(digest: Digest, content: ByteStream): Promise<void> {
    await this.#spool.writeBlob(digest, content)
  }

  async updateIndex(change: (index: LayoutIndex) => LayoutIndex): Promise<void> {
    this.#index = change(this.#index)
    // Something attached to an image that is there already; new images wait for their tag.
    if (this.#parts.existing !== undefined) this.commit = true
  }

  /** Writes the archive if something was committed, and cleans up. May be called twice. */
  async close(pack: (files: ArchiveFiles) => ByteStream): Promise<void> {
    try {
      if (this.commit) await writeFileAtomic(this.#parts.path, pack(this))
      this.commit = false
    } finally {
      await rm(this.#spool.path, { recursive: true, force: true })
      await this.#parts.dispose()
    }
  }
}
