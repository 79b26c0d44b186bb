import { type FileHandle, open } from 'node:fs/promises'
import { type ByteStream, concatBytes } from '../../base/bytes.ts'
import { fileError } from '../../base/file.ts'
import { type FileRegion, readRegion } from '../bytes/file-region.ts'
import { bounded, type DecompressOptions, tooLarge } from '../compress/decompress-fault.ts'
import { decodeWithHost } from './host.ts'
import { inspectHostXz } from './host-version.ts'
import { readXzOutline } from './outline.ts'
import { decodeSmall, smallInput } from './small.ts'
import { decodeWithWasm } from './wasm.ts'

export interface XzOptions extends DecompressOptions {
  /**
   * Path of the host's xz. Without it, or when it is not XZ Utils 5.2 or later, the built-in decoder is used
   * (WebAssembly in a worker thread, half as fast).
   */
  readonly xzProgram?: string | undefined
  /** Threads for data with several blocks; default 0, which means one for each CPU. */
  readonly threads?: number
}

/**
 * Decompresses xz. Every check in the data is verified; damaged or cut off data and anything after it are errors
 * (`bad-archive`). The built-in decoder, used without a host program, has no BCJ filters, no dictionaries over 64 MiB
 * and no SHA-256 checks; its errors say so. Small inputs are decoded in this thread.
 */
export async function* decompressXz(source: ByteStream, options: XzOptions): AsyncGenerator<Uint8Array> {
  const { start, whole, rest } = await peek(source, smallInput)
  try {
    const small = whole ? await decodeSmall(concatBytes(start)) : undefined
    if (small) yield* bounded(streamOf(small), options)
    else yield* decodeLarge(streamOf(start, rest), options)
  } finally {
    await rest.return?.()
  }
}

async function* decodeLarge(source: ByteStream, options: XzOptions): AsyncGenerator<Uint8Array> {
  const { xzProgram } = options
  const host = xzProgram === undefined ? undefined : await inspectHostXz(xzProgram)
  if (xzProgram === undefined || !host) yield* decodeWithWasm(source, options)
  else yield* decodeWithHost({ kind: 'stream', source }, { ...options, xzProgram, host })
}

interface Peeked {
  readonly start: readonly Uint8Array[]
  /** True when `start` is all of the input. */
  readonly whole: boolean
  readonly rest: AsyncIterator<Uint8Array>
}

/** Takes chunks until there are more than `size` bytes, or no more. */
async function peek(source: ByteStream, size: number): Promise<Peeked> {
  const rest = source[Symbol.asyncIterator]()
  const start: Uint8Array[] = []
  for (let read = 0; read <= size; ) {
    const next = await rest.next()
    if (next.done) return { start, whole: true, rest }
    start.push(next.value)
    read += next.value.length
  }
  return { start, whole: false, rest }
}

async function* streamOf(
  start: readonly Uint8Array[],
  rest?: AsyncIterator<Uint8Array>,
): ByteStream & AsyncGenerator<Uint8Array> {
  yield* start
  for (let next = await rest?.next(); next && !next.done; next = await rest?.next()) yield next.value
}

/** How far into a file the position is moved by reading on, to hand the file itself to the program. */
const mostLeadIn = 64 * 2 ** 20

/**
 * Decompresses a region of a file. When its index shows that the region is one complete xz stream, the host's program
 * reads the file itself, and a size beyond the limit is refused before anything is decoded.
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
    const direct = outline && region.size > smallInput && region.offset <= mostLeadIn
    const host = direct && xzProgram !== undefined ? await inspectHostXz(xzProgram) : undefined
    if (host && xzProgram !== undefined) {
      await advance(file, region.offset)
      yield* decodeWithHost({ kind: 'file', descriptor: file.fd }, { ...options, xzProgram, host })
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
