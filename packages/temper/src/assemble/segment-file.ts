import { type FileHandle, open } from 'node:fs/promises'
import type { ByteStream } from '../base/bytes.ts'
import { TemperError } from '../base/error.ts'
import { fileError } from '../base/file.ts'

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

/** The members of a segment, each as one chunk of its own memory. Errors: `file-system` when it is damaged. */
export async function* readSegmentMembers(path: string): ByteStream {
  const file = await open(path).catch((error: unknown) => {
    throw fileError('read', path, error)
  })
  try {
    let position = 0
    for (const size of await readSizes(file, path)) {
      yield await readExactly(file, { position, size, path })
      position += size
    }
  } finally {
    await file.close()
  }
}

async function readSizes(file: FileHandle, path: string): Promise<number[]> {
  const { size } = await file.stat()
  if (size < numberSize) throw damaged(path)
  const count = (
    await readExactly(file, { position: size - numberSize, size: numberSize, path })
  ).readUInt32LE()
  const length = count * numberSize
  if (length > size - numberSize) throw damaged(path)
  const table = await readExactly(file, { position: size - numberSize - length, size: length, path })
  const sizes = Array.from({ length: count }, (_, index) => table.readUInt32LE(index * numberSize))
  const total = sizes.reduce((sum, each) => sum + each, 0)
  if (total !== size - numberSize - length || sizes.some((each) => each > mostBytes)) throw damaged(path)
  return sizes
}

async function readExactly(
  file: FileHandle,
  { position, size, path }: { readonly position: number; readonly size: number; readonly path: string },
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(size)
  for (let done = 0; done < size; ) {
    const { bytesRead } = await file.read(buffer, done, size - done, position + done)
    if (bytesRead === 0) throw damaged(path)
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
