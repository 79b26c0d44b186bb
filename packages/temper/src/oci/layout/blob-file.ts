import { constants } from 'node:fs'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import type { ByteStream } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import { badImage } from '../json-value.ts'

const chunkSize = 128 << 10

/** Size of a plain file; undefined when there is none, or when it is something else. Links are not followed. */
export async function plainFileSize(path: string): Promise<number | undefined> {
  try {
    const stat = await lstat(path)
    return stat.isFile() ? stat.size : undefined
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw fileError('read', path, error)
  }
}

/**
 * Opens a file for reading, which must be a plain one: no symlink, which could lead out of a layout, and no device or
 * pipe, which could hang or never end. Undefined when there is none.
 */
export async function openPlainFile(path: string): Promise<FileHandle | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  let file: FileHandle
  try {
    file = await open(path, flags)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === 'ELOOP' || code === 'ENXIO') throw notPlain(path)
    throw fileError('read', path, error)
  }
  try {
    if (!(await file.stat()).isFile()) throw notPlain(path)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Bytes from `start` up to `end` of an open file; the chunks stay valid. Fewer bytes are an error. */
export async function* readRange(
  file: FileHandle,
  range: { readonly start: number; readonly end: number; readonly what: string },
): AsyncGenerator<Uint8Array, void, void> {
  let position = range.start
  while (position < range.end) {
    const buffer = Buffer.allocUnsafe(Math.min(chunkSize, range.end - position))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
    if (bytesRead === 0)
      throw new TemperError(
        'digest-mismatch',
        `${range.what}: the file ends after ${position - range.start} bytes`,
      )
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** The whole of a small plain file; undefined when there is none. */
export async function readSmallFile(path: string, limit: number): Promise<Uint8Array | undefined> {
  const file = await openPlainFile(path)
  if (file === undefined) return undefined
  try {
    const { size } = await file.stat()
    if (size > limit)
      throw new TemperError('limit-exceeded', `${path}: ${size} bytes, more than the limit of ${limit}`)
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** Writes a stream to a file that must not exist yet. */
export async function writeNewFile(path: string, content: ByteStream): Promise<void> {
  const file = await open(path, 'wx', 0o644)
  try {
    for await (const chunk of content) await writeAll(file, chunk)
  } finally {
    await file.close()
  }
}

/** Writes everything at the file's own position, since a single write may take only a part. */
export async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at, chunk.length - at)).bytesWritten
}

function notPlain(path: string): TemperError {
  return badImage(`${path}: expected a plain file, found a link or something else`)
}
