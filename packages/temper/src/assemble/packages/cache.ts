import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ByteStream } from '../../base/bytes.ts'
import { type Digest, hexOf, sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { fileError, makeFolder, temporaryPath } from '../../base/file.ts'
import type { Progress } from '../../base/progress.ts'
import { releaseBytes } from '../../base/release.ts'
import { ValueCache } from '../../base/value-cache.ts'
import { temperVersion } from '../../base/version.ts'
import type { PackageContent } from '../../model/package/package-content.ts'
import { openSegmentFile, type SegmentFile, SegmentTrailer } from './segment-file.ts'

/** What is known about a composed layer: enough to describe it without reading it. */
export interface LayerRecord {
  readonly digest: Digest
  readonly diffId: Digest
  readonly size: number
}

/** A segment being written; it exists only after `commit`. */
export interface SegmentWriter {
  /** Takes one complete member, which is released once it is written. */
  write(member: Uint8Array): Promise<void>
  commit(key: Digest): Promise<void>
  abort(): Promise<void>
}

/**
 * Finds out how to make a missing or damaged segment again, and returns the function that does it. These are two
 * steps because others wait during the second; if they also waited during the first, which may read segments itself,
 * a deadlock would be possible.
 */
export type SegmentMaker = () => Promise<() => Promise<void>>

/** A member that could not be read, and how its segment is made. */
interface Healing {
  readonly index: number
  readonly make: () => Promise<void>
}

/** Segments that are being made again in this process, by path: what the next reader waits for. */
const healing = new Map<string, Promise<void>>()

/**
 * What assembling keeps between builds, each by a key over all that it depends on, so that entries are never stale
 * and any number of processes may fill the same folder. Everything is verified when it is read; what is damaged
 * counts as missing and is made again.
 */
export class AssemblyCache {
  readonly #segments: string
  readonly #contents: ValueCache
  readonly #layers: ValueCache
  readonly #version = temperVersion()

  constructor(directory: string, progress?: Pick<Progress, 'note'>) {
    this.#segments = join(directory, 'segments-4')
    this.#contents = new ValueCache(join(directory, 'contents-15'), progress)
    this.#layers = new ValueCache(join(directory, 'layers-3'), progress)
  }

  /** The content of a package, as this version of Temper reads it. */
  async content(digest: Digest): Promise<PackageContent | undefined> {
    return await this.#contents.getJson<PackageContent>(this.#contentKey(digest))
  }

  async putContent(content: PackageContent): Promise<void> {
    await this.#contents.put(this.#contentKey(content.digest), JSON.stringify(content))
  }

  #contentKey(digest: Digest): Digest {
    return sha256(`${this.#version} ${digest}`)
  }

  async layer(key: Digest): Promise<LayerRecord | undefined> {
    return await this.#layers.getJson<LayerRecord>(key)
  }

  async putLayer(key: Digest, record: LayerRecord): Promise<void> {
    await this.#layers.put(key, JSON.stringify(record))
  }

  /** Whether there is a segment with an undamaged trailer; members are checked when they are read. */
  async hasSegment(key: Digest): Promise<boolean> {
    const file = await openSegmentFile(this.#segmentPath(key), key)
    await file?.close()
    return file !== undefined
  }

  /**
   * The members of a segment, each as one chunk. When it is missing, or a member is damaged, `maker` has to make it
   * again, and reading goes on where it was, since the same key means the same members.
   */
  async *readSegment(key: Digest, maker: SegmentMaker): ByteStream {
    let file = await openSegmentFile(this.#segmentPath(key), key)
    let made = false
    try {
      for (let index = 0; file === undefined || index < file.count; ) {
        const member: Uint8Array | undefined = await file?.member(index)
        if (member !== undefined) {
          index++
          yield member
          continue
        }
        if (made) throw unreadable(this.#segmentPath(key))
        made = true
        await file?.close()
        file = undefined
        file = await this.#madeAgain(key, { index, make: await maker() })
      }
    } finally {
      await file?.close()
    }
  }

  /**
   * Opens a segment again once it has been repaired, after a member was missing or damaged. Of several readers in
   * this process only one makes it again, and none removes what another has just made.
   */
  async #madeAgain(key: Digest, member: Healing): Promise<SegmentFile | undefined> {
    const path = this.#segmentPath(key)
    const earlier = healing.get(path) ?? Promise.resolve()
    const work = earlier.then(() => this.#heal(key, member))
    const settled = work.then(
      () => undefined,
      () => undefined,
    )
    healing.set(path, settled)
    try {
      return await work
    } finally {
      if (healing.get(path) === settled) healing.delete(path)
    }
  }

  async #heal(key: Digest, { index, make }: Healing): Promise<SegmentFile | undefined> {
    const path = this.#segmentPath(key)
    const segment = await openSegmentFile(path, key)
    if (segment !== undefined && (await segment.member(index)) !== undefined) return segment
    await segment?.close()
    await rm(path, { force: true })
    await make()
    return await openSegmentFile(path, key)
  }

  #segmentPath(key: Digest): string {
    const hex = hexOf(key)
    return join(this.#segments, hex.slice(0, 2), hex)
  }

  async createSegment(): Promise<SegmentWriter> {
    const temporary = temporaryPath(join(this.#segments, 'x'))
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
    const trailer = new SegmentTrailer()
    return {
      write: async (member) => {
        trailer.add(member)
        await writing(() => file.writeFile(member))
        releaseBytes(member)
      },
      commit: (key) =>
        writing(async () => {
          await file.writeFile(trailer.bytes(key))
          await file.close()
          const path = this.#segmentPath(key)
          await makeFolder(dirname(path))
          await rename(temporary, path)
        }),
      abort: async () => {
        await file.close()
        await rm(temporary, { force: true })
      },
    }
  }
}

function unreadable(path: string): TemperError {
  return new TemperError(
    'file-system',
    `The cached file ${path} could not be read right after it was written`,
    {
      hint: 'The disk that holds the cache is damaged, or another program writes there.',
      next: { action: 'choose-cache' },
      details: { path },
    },
  )
}
