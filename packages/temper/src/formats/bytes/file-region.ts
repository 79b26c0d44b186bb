import { open } from 'node:fs/promises'
import { fileError } from '../../base/file.ts'
import { notValid } from '../compress/decompress-fault.ts'

/** A range of bytes in a file. */
export interface FileRegion {
  readonly path: string
  readonly offset: number
  readonly size: number
}

const chunkSize = 256 * 1024

/** The bytes of a region; a file that ends earlier is an error (`bad-archive`). */
export async function* readRegion(
  region: FileRegion,
  options: { readonly what: string },
): AsyncGenerator<Uint8Array, undefined, undefined> {
  const file = await open(region.path).catch((error: unknown) => {
    throw fileError('read', region.path, error)
  })
  try {
    for (let done = 0; done < region.size; ) {
      const size = Math.min(chunkSize, region.size - done)
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(size), 0, size, region.offset + done)
      if (bytesRead === 0) {
        throw notValid('archive', `the file ends before byte ${region.offset + region.size}`, options)
      }
      done += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
