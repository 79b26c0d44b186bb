import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ByteStream } from '../base/bytes.ts'
import { type Digest, hexOf } from '../base/digest.ts'
import { fileError, makeFolder, readFileIfExists, temporaryPath, writeFileAtomic } from '../base/file.ts'
import type { PackageContent } from '../model/package-content.ts'
import { readSegmentMembers, segmentTrailer } from './segment-file.ts'

/** What is known of a composed layer: enough to name it without reading it. */
export interface LayerRecord {
  readonly digest: Digest
  readonly diffId: Digest
  readonly size: number
}

/** A segment being written; it exists only after `commit`. */
export interface SegmentWriter {
  /** Takes one complete member. */
  write(member: Uint8Array): Promise<void>
  commit(key: Digest): Promise<void>
  abort(): Promise<void>
}

/**
 * What assembling keeps between builds, each by a key over all that it depends on, so that entries are
 * never stale and any number of processes may fill the same folder.
 */
export class AssemblyCache {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  #path(kind: string, key: Digest): string {
    const hex = hexOf(key)
    return join(this.#directory, kind, hex.slice(0, 2), hex)
  }

  /** What is known of a package's inside; `version` of the reader is part of the name. */
  async content(digest: Digest): Promise<PackageContent | undefined> {
    return await this.#readJson<PackageContent>(this.#path('contents-3', digest))
  }

  async putContent(content: PackageContent): Promise<void> {
    await writeFileAtomic(this.#path('contents-3', content.digest), JSON.stringify(content))
  }

  async layer(key: Digest): Promise<LayerRecord | undefined> {
    return await this.#readJson<LayerRecord>(this.#path('layers-1', key))
  }

  async putLayer(key: Digest, record: LayerRecord): Promise<void> {
    await writeFileAtomic(this.#path('layers-1', key), JSON.stringify(record))
  }

  async hasSegment(key: Digest): Promise<boolean> {
    const path = this.#path('segments-2', key)
    try {
      await stat(path)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
      throw fileError('read', path, error)
    }
  }

  /** The members of a segment, each as one chunk. */
  readSegment(key: Digest): ByteStream {
    return readSegmentMembers(this.#path('segments-2', key))
  }

  async createSegment(): Promise<SegmentWriter> {
    const temporary = temporaryPath(join(this.#directory, 'segments-2', 'x'))
    await makeFolder(dirname(temporary))
    const file = await open(temporary, 'wx')
    const sizes: number[] = []
    return {
      write: async (member) => {
        sizes.push(member.length)
        await file.writeFile(member)
      },
      commit: async (key) => {
        await file.writeFile(segmentTrailer(sizes))
        await file.close()
        const path = this.#path('segments-2', key)
        await makeFolder(dirname(path))
        await rename(temporary, path)
      },
      abort: async () => {
        await file.close()
        await rm(temporary, { force: true })
      },
    }
  }

  /** A damaged record (a power cut, a disk error) counts as none: it is made again. */
  async #readJson<T>(path: string): Promise<T | undefined> {
    const bytes = await readFileIfExists(path)
    if (bytes === undefined) return undefined
    try {
      return JSON.parse(Buffer.from(bytes).toString('utf8')) as T
    } catch (error) {
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  }
}
