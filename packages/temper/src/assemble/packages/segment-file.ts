import { hash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import type { Digest } from '../../base/digest.ts'
import { fileError } from '../../base/file.ts'

/*
 * A segment on the disk: its members one after the other, then the size of each as 32-bit little-endian number, the
 * SHA-256 of each, the SHA-256 of these two lists and of the segment's key, and the number of members. So members can be
 * read one at a time, and each proves itself.
 */

const numberSize = 4
const digestSize = 32
/** What the trailer has of each member. */
const memberSize = numberSize + digestSize
/** Behind that: the digest of the lists, and the number of members. */
const endSize = digestSize + numberSize
/** More than any member can have. */
const mostBytes = 128 * 2 ** 20

/** Collects the trailer that follows the members. */
export class SegmentTrailer {
  readonly #sizes: number[] = []
  readonly #digests: Buffer[] = []

  /** Takes the next member. */
  add(member: Uint8Array): void {
    this.#sizes.push(member.length)
    this.#digests.push(hash('sha256', member, 'buffer'))
  }

  bytes(key: Digest): Uint8Array {
    const sizes = Buffer.alloc(this.#sizes.length * numberSize)
    for (const [index, size] of this.#sizes.entries()) sizes.writeUInt32LE(size, index * numberSize)
    const lists = Buffer.concat([sizes, ...this.#digests])
    const count = Buffer.alloc(numberSize)
    count.writeUInt32LE(this.#sizes.length)
    return Buffer.concat([lists, digestOfLists(lists, key), count])
  }
}

function digestOfLists(lists: Uint8Array, key: Digest): Buffer {
  return hash('sha256', Buffer.concat([lists, Buffer.from(key)]), 'buffer')
}

/** An open segment whose trailer is undamaged. */
export interface SegmentFile {
  /** Number of members. */
  readonly count: number
  /** One member, in a buffer of its own; undefined when it is damaged. */
  member(index: number): Promise<Uint8Array | undefined>
  close(): Promise<void>
}

/**
 * Opens a segment; undefined when there is none, when it cannot be read, or when its trailer is damaged or has
 * another key.
 */
export async function openSegmentFile(path: string, key: Digest): Promise<SegmentFile | undefined> {
  const file = await open(path).catch((error: unknown) => {
    if (['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw fileError('read', path, error)
  })
  if (!file) return undefined
  const table = await readTable(file, key).catch(async (error: unknown) => {
    await file.close()
    throw fileError('read', path, error)
  })
  if (!table) {
    await file.close()
    return undefined
  }
  return {
    count: table.length,
    async member(index) {
      const { start = 0, size = 0, digest } = table[index] ?? {}
      const bytes = digest && (await readExactly(file, start, size))
      return bytes && hash('sha256', bytes, 'buffer').equals(digest) ? bytes : undefined
    },
    close: () => file.close(),
  }
}

interface Member {
  readonly start: number
  readonly size: number
  readonly digest: Buffer
}

/** Where the members lie; undefined when the trailer is damaged or does not fit the size of the file. */
async function readTable(file: FileHandle, key: Digest): Promise<readonly Member[] | undefined> {
  const { size } = await file.stat()
  const end = await readExactly(file, size - endSize, endSize)
  const count = end?.readUInt32LE(digestSize) ?? 0
  const start = size - endSize - count * memberSize
  const lists = start >= 0 ? await readExactly(file, start, count * memberSize) : undefined
  if (!end || !lists || !digestOfLists(lists, key).equals(end.subarray(0, digestSize))) return undefined
  let position = 0
  const members = Array.from({ length: count }, (_, index): Member => {
    const at = count * numberSize + index * digestSize
    const member = {
      start: position,
      size: lists.readUInt32LE(index * numberSize),
      digest: lists.subarray(at, at + digestSize),
    }
    position += member.size
    return member
  })
  return position === start && members.every((member) => member.size <= mostBytes) ? members : undefined
}

/** Undefined when the file does not have that many bytes there. */
async function readExactly(file: FileHandle, position: number, size: number): Promise<Buffer | undefined> {
  if (position < 0) return undefined
  const buffer = Buffer.allocUnsafeSlow(size)
  for (let done = 0; done < size; ) {
    const { bytesRead } = await file.read(buffer, done, size - done, position + done)
    if (bytesRead === 0) return undefined
    done += bytesRead
  }
  return buffer
}
