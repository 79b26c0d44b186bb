import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import type { CompressionFormat } from '../../formats/compress/decompress.ts'
import { writeAll } from '../layout/blob-file.ts'

/** Most bytes of an archive that comes compressed: a few kilobytes must not fill a disk. */
const inflatedLimit = 32 * 2 ** 30

/** Where to read an archive from, and what to do when it is no longer needed. */
export interface PlainArchive {
  readonly path: string
  dispose(): Promise<void>
}

/**
 * An archive of images that may be compressed as a whole, in the formats that docker load takes (gzip, bzip2, xz,
 * zstd); a compressed one is decompressed to a temporary file.
 */
export async function plainArchive(path: string): Promise<PlainArchive> {
  const start = await firstBytes(path)
  const { compressionOf } = await import('../../formats/compress/decompress.ts')
  const format = compressionOf(start)
  if (format === 'none') return { path, dispose: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'temper-archive-'))
  const dispose = () => rm(folder, { recursive: true, force: true })
  try {
    const plain = join(folder, 'archive.tar')
    await inflate(path, plain, format)
    return { path: plain, dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** Few enough to tell a compression; none where there is no file. */
async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fileError('read', path, error)
  })
  if (file === undefined) return new Uint8Array()
  try {
    if (!(await file.stat()).isFile()) return new Uint8Array()
    const { buffer, bytesRead } = await file.read(Buffer.alloc(6), 0, 6, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function inflate(from: string, to: string, format: CompressionFormat): Promise<void> {
  const { decompress } = await import('../../formats/compress/decompress.ts')
  const file = await open(to, 'wx', 0o600)
  try {
    const plain = decompress(format, createReadStream(from), { what: from, limit: inflatedLimit })
    for await (const chunk of plain) await writeAll(file, chunk)
  } catch (error) {
    if (!(error instanceof TemperError)) throw fileError('read', from, error)
    if (error.code !== 'bad-archive') throw error
    throw new TemperError('bad-image', `${from}: the ${format} data is damaged`, { cause: error })
  } finally {
    await file.close()
  }
}
