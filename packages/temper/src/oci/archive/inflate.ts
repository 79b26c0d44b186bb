import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import { writeAll } from '../layout/blob-file.ts'

/** Most bytes of an archive that comes compressed: a few kilobytes must not fill a disk. */
const inflatedLimit = 32 * 2 ** 30

/** Where to read an archive from, and what to do when it is no longer needed. */
export interface PlainArchive {
  readonly path: string
  dispose(): Promise<void>
}

/** An archive of images that may be compressed as a whole with gzip: then decompressed to a temporary file. */
export async function plainArchive(path: string): Promise<PlainArchive> {
  if (!(await isGzip(path))) return { path, dispose: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'temper-archive-'))
  const dispose = () => rm(folder, { recursive: true, force: true })
  try {
    const plain = join(folder, 'archive.tar')
    await inflate(path, plain)
    return { path: plain, dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch((error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fileError('read', path, error)
  })
  if (file === undefined) return false
  try {
    if (!(await file.stat()).isFile()) return false
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

async function inflate(from: string, to: string): Promise<void> {
  const file = await open(to, 'wx', 0o600)
  let size = 0
  try {
    await pipeline(createReadStream(from), createGunzip(), async (source: AsyncIterable<Uint8Array>) => {
      for await (const chunk of source) {
        size += chunk.length
        if (size > inflatedLimit)
          throw new TemperError(
            'limit-exceeded',
            `${from}: more than ${inflatedLimit} bytes when decompressed`,
          )
        await writeAll(file, chunk)
      }
    })
  } catch (error) {
    if (String((error as NodeJS.ErrnoException).code).startsWith('Z_'))
      throw new TemperError('bad-image', `${from}: the gzip data is damaged`, { cause: error })
    throw fileError('read', from, error)
  } finally {
    await file.close()
  }
}
