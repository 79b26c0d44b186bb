import { type FileHandle, open } from 'node:fs/promises'
import type { ByteStream } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'

/*
 * A segment on the disk: its members one after the other, then the size of each and their number, as 32-bit
 * little-endian numbers, so that members can be read one at a time.
 */

const numberSize = 4
/** More than any member can have. */
const mostBytes = 128 * 2 ** 20

/** What is written behind the members. */
export function segmentTrailer(sizes: readonly number[]): Uint8Array {
  const trailer = Buffer.alloc((sizes.length + 1) * numberSize)
  for (const [index, size] of [...sizes, sizes.length].entries())
    trailer.writeUInt32LE(size, index * numberSize)
  return trailer
}

/** Whether a segment is there with all its bytes. */
export async function isWholeSegment(path: string): Promise<boolean> {
  const file = await open(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fileError('read', path, error)
  })
  if (!file) return false
  try {
    return (await readSizes(file)) !== undefined
  } finally {
    await file.close()
  }
}

/** The members of a segment, each as one chunk of its own memory. Errors: `file-system` when it is damaged. */
export async function* readSegmentMembers(path: string): ByteStream {
  const file = await open(path).catch((error: unknown) => {
    throw fileError('read', path, error)
  })
  try {
    const sizes = await readSizes(file)
    if (!sizes) throw damaged(path)
    let position = 0
    for (const size of sizes) {
      const member = await readExactly(file, position, size)
      if (!member) throw damaged(path)
      yield member
      position += size
    }
  } finally {
    await file.close()
  }
}

/** The sizes of the members; undefined when they do not add up to the size of the file. */
async function readSizes(file: FileHandle): Promise<readonly number[] | undefined> {
  const { size } = await file.stat()
  const count = (await readExactly(file, size - numberSize, numberSize))?.readUInt32LE() ?? Number.NaN
  const start = size - (count + 1) * numberSize
  const table = start >= 0 ? await readExactly(file, start, count * numberSize) : undefined
  if (!table) return undefined
  const sizes = Array.from({ length: count }, (_, index) => table.readUInt32LE(index * numberSize))
  const total = sizes.reduce((sum, each) => sum + each, 0)
  return total === start && sizes.every((each) => each <= mostBytes) ? sizes : undefined
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

function damaged(path: string): TemperError {
  return new TemperError('file-system', `The cached file ${path} is damaged`, {
    hint: 'Remove it and build again.',
    details: { path },
  })
}
