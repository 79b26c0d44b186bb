import { type FileHandle, open } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path/posix'
import { collect } from '../../base/bytes.ts'
import { type Digest, hexOf } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import { readTar } from '../../formats/tar/read.ts'
import { badImage } from '../json-value.ts'
import { readRange } from '../layout/blob-file.ts'
import type { OpenBlob } from '../layout/reader.ts'

/** Most entries of an archive of images. */
const entryLimit = 200_000

/** Links in links are followed this far. */
const hopLimit = 8

interface Extent {
  readonly start: number
  readonly end: number
}

/** Name of a blob in an archive. */
export function blobName(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`
}

export function openInArchive(archive: ArchiveFile, name: string): OpenBlob | undefined {
  const size = archive.size(name)
  return size === undefined ? undefined : { size, read: () => archive.read(name), close: async () => {} }
}

/** A tar archive whose files can be read in any order. Held open, so that replacing it changes nothing here. */
export class ArchiveFile {
  readonly #file: FileHandle
  readonly #extents: ReadonlyMap<string, Extent>
  readonly #links: ReadonlyMap<string, string>

  private constructor(
    file: FileHandle,
    index: { readonly extents: ReadonlyMap<string, Extent>; readonly links: ReadonlyMap<string, string> },
  ) {
    this.#file = file
    this.#extents = index.extents
    this.#links = index.links
  }

  /** Opens and lists an archive; undefined when there is none. Throws `bad-archive` and `bad-image`. */
  static async open(path: string): Promise<ArchiveFile | undefined> {
    const file = await open(path, 'r').catch((error) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw fileError('read', path, error)
    })
    if (file === undefined) return undefined
    try {
      return new ArchiveFile(file, await scan(file, path))
    } catch (error) {
      await file.close()
      throw fileError('read', path, error)
    }
  }

  /** Size of a file in bytes; links inside the archive are followed. Undefined when there is none. */
  size(name: string): number | undefined {
    const extent = this.#find(name)
    return extent === undefined ? undefined : extent.end - extent.start
  }

  read(name: string): AsyncGenerator<Uint8Array, void, void> {
    const extent = this.#find(name)
    if (extent === undefined) throw new TemperError('not-found', `No file ${name} in the archive`)
    return readRange(this.#file, { ...extent, what: name })
  }

  /** The whole of a small file; undefined when there is none. */
  async readSmall(name: string, limit: number): Promise<Uint8Array | undefined> {
    return this.size(name) === undefined ? undefined : collect(this.read(name), { limit, what: name })
  }

  /** May be called twice. */
  close(): Promise<void> {
    return this.#file.close()
  }

  #find(name: string): Extent | undefined {
    let path = name
    for (let hop = 0; hop <= hopLimit; hop++) {
      const extent = this.#extents.get(path)
      if (extent !== undefined) return extent
      const target = this.#links.get(path)
      if (target === undefined) return undefined
      path = target
    }
    throw badImage(`${name}: more than ${hopLimit} links to follow in the archive`)
  }
}

async function scan(
  file: FileHandle,
  path: string,
): Promise<{ extents: Map<string, Extent>; links: Map<string, string> }> {
  const stat = await file.stat()
  if (!stat.isFile()) throw badImage(`${path}: expected an archive, found a folder or something else`)
  const extents = new Map<string, Extent>()
  const links = new Map<string, string>()
  const source = readRange(file, { start: 0, end: stat.size, what: path })
  for await (const { entry, offset } of readTar(source, { what: path, limits: { entries: entryLimit } })) {
    // Tools differ in which of two equal names they read, so an archive could show each another image.
    if (extents.has(entry.path) || links.has(entry.path))
      throw badImage(`${path}: "${entry.path}" is in the archive twice`)
    if (offset !== undefined) extents.set(entry.path, { start: offset, end: offset + entry.size })
    else if (entry.type === 'hardlink') links.set(entry.path, entry.target ?? '')
    else if (entry.type === 'symlink')
      links.set(entry.path, normalize(join(dirname(entry.path), entry.target ?? '')))
  }
  return { extents, links }
}
