import { constants, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ByteStream } from '../bytes.ts'

const chunkSize = 256 << 10

/**
 * Opens a file that was listed and closes it after use. A link that has taken its place since is refused, and a pipe
 * does not block; undefined for anything that is not a file. The content is what the file holds when it is opened, or
 * less when it shrinks meanwhile. System errors pass through.
 */
export async function withPlainFile<T>(
  path: string,
  use: (stats: Stats, content: ByteStream) => Promise<T>,
): Promise<T | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  const read = async function* (size: number): ByteStream {
    for (let at = 0; at < size; ) {
      const buffer = Buffer.allocUnsafeSlow(Math.min(chunkSize, size - at))
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
      at += bytesRead
    }
  }
  try {
    const stats = await file.stat()
    return stats.isFile() ? await use(stats, read(stats.size)) : undefined
  } finally {
    await file.close()
  }
}
