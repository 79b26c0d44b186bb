import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ByteStream } from '../../base/bytes.ts'
import { type Digest, hexOf, isDigest, sha256 } from '../../base/digest.ts'
import { fileError, makeFolder, readFileIfExists, temporaryPath, writeFileAtomic } from '../../base/file.ts'
import { temperVersion } from '../../base/version.ts'
import type { PackageContent } from '../../model/package-content.ts'
import { isWholeSegment, readSegmentMembers, segmentTrailer } from './segment-file.ts'

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
  readonly #version = temperVersion()

  constructor(directory: string) {
    this.#directory = directory
  }

  #path(kind: string, key: Digest): string {
    const hex = hexOf(key)
    return join(this.#directory, kind, hex.slice(0, 2), hex)
  }

  /** What is known of a package's inside, as this version of Temper reads it. */
  async content(digest: Digest): Promise<PackageContent | undefined> {
    const found = await this.#readJson<PackageContent>(this.#contentPath(digest))
    return found?.digest === digest ? found : undefined
  }

  async putContent(content: PackageContent): Promise<void> {
    await writeFileAtomic(this.#contentPath(content.digest), JSON.stringify(content))
  }

  #contentPath(digest: Digest): string {
    return this.#path('contents-4', sha256(`${this.#version} ${digest}`))
  }

  async layer(key: Digest): Promise<LayerRecord | undefined> {
    const found = await this.#readJson<LayerRecord>(this.#path('layers-1', key))
    return found && isDigest(found.digest) && isDigest(found.diffId) && Number.isSafeInteger(found.size)
      ? found
      : undefined
  }

  async putLayer(key: Digest, record: LayerRecord): Promise<void> {
    await writeFileAtomic(this.#path('layers-1', key), JSON.stringify(record))
  }

  /** Whether there is a segment, all of it: one that a power cut left short counts as none. */
  async hasSegment(key: Digest): Promise<boolean> {
    return await isWholeSegment(this.#path('segments-2', key))
  }

  /** The members of a segment, each as one chunk. */
  readSegment(key: Digest): ByteStream {
    return readSegmentMembers(this.#path('segments-2', key))
  }

  async createSegment(): Promise<SegmentWriter> {
    const temporary = temporaryPath(join(this.#directory, 'segments-2', 'x'))
    const writing = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await work()
      } catch (error) {
        throw fileError('write', temporary, error)
      }
    }
    const file = await writing(async () => {
      await makeFolder(dirname(temporary))
      return await open(temporary, 'wx')
    })
    const sizes: number[] = []
    return {
      write: async (member) => {
        sizes.push(member.length)
        await writing(() => file.writeFile(member))
      },
      commit: (key) =>
        writing(async () => {
          await file.writeFile(segmentTrailer(sizes))
          await file.close()
          const path = this.#path('segments-2', key)
          await makeFolder(dirname(path))
          await rename(temporary, path)
        }),
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
      return (JSON.parse(Buffer.from(bytes).toString('utf8')) ?? undefined) as T | undefined
    } catch (error) {
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  }
}
