import { type FileHandle, open } from 'node:fs/promises'
import type { ByteStream } from '../../base/bytes.ts'
import { fileError } from '../../base/file.ts'
import { type DecompressOptions, tooLarge } from '../decompress-fault.ts'
import { type FileRegion, readRegion } from '../file-region.ts'
import { decodeWithHost } from './host.ts'
import { readXzOutline } from './outline.ts'
import { decodeWithWasm } from './wasm.ts'

export interface XzOptions extends DecompressOptions {
  /** Path of the host's xz; without it the built-in decoder (WebAssembly in a worker thread) is used. */
  readonly xzProgram?: string
  /** Threads for data of several blocks; default 0, one for each CPU. */
  readonly threads?: number
}

/**
 * Decompresses xz. Every check in the data is verified; damaged or cut off data and anything after it are
 * errors (`bad-archive`). The built-in decoder has no BCJ filters and no dictionaries over 64 MiB, and does
 * not verify SHA-256 checks; its errors say so.
 */
export function decompressXz(source: ByteStream, options: XzOptions): AsyncGenerator<Uint8Array> {
  const { xzProgram } = options
  if (xzProgram === undefined) return decodeWithWasm(source, options)
  return decodeWithHost({ kind: 'stream', source }, { ...options, xzProgram })
}

/** How far into a file the position is moved by reading on, to hand the file itself to the program. */
const mostLeadIn = 64 * 2 ** 20

/**
 * Decompresses a region of a file. When the region is one whole xz stream, which its index tells, the host's
 * program reads the file itself and a size beyond the limit is refused before anything is decoded.
 */
export async function* decompressXzFile(region: FileRegion, options: XzOptions): AsyncGenerator<Uint8Array> {
  const { xzProgram } = options
  const file = await open(region.path).catch((error: unknown) => {
    throw fileError('read', region.path, error)
  })
  try {
    const outline = await readXzOutline(region.size, (offset, size) =>
      readAt(file, region.offset + offset, size),
    )
    if (outline && outline.uncompressedSize > options.limit) throw tooLarge(options)
    if (xzProgram !== undefined && outline && region.offset <= mostLeadIn) {
      await advance(file, region.offset)
      yield* decodeWithHost({ kind: 'file', descriptor: file.fd }, { ...options, xzProgram })
    } else {
      yield* decompressXz(readRegion(region, options), options)
    }
  } finally {
    await file.close()
  }
}

async function readAt(file: FileHandle, offset: number, size: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset)
  return buffer.subarray(0, bytesRead)
}

/** Node cannot seek; the position that a child inherits moves only by reading. */
async function advance(file: FileHandle, offset: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(offset, 1 << 20))
  for (let left = offset; left > 0; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(left, buffer.length), null)
    if (bytesRead === 0) return
    left -= bytesRead
  }
}
