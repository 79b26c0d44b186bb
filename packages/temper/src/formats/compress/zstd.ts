import { createZstdDecompress } from 'node:zlib'
import type { ByteStream } from '../../base/bytes.ts'
import { ByteCursor } from '../bytes/byte-cursor.ts'
import { bounded, type DecompressOptions, notValid } from './decompress-fault.ts'
import { pump } from './decompress-pump.ts'

const frameMagic = 0xfd2fb528
const skippableMagic = 0x184d2a50
const chunkSize = 128 * 1024

/** Bytes that are decompressed, in another thread, before somebody asks for them. */
const ahead = 1024 * 1024

const reading = { chunkSize, readableHighWaterMark: ahead }

/**
 * Decompresses zstd (RFC 8878), any number of frames as one stream; skippable frames are left out. Damaged or cut off
 * data and anything after the last frame are errors (`bad-archive`), as are frames that need a dictionary or a window
 * over 128 MiB.
 *
 * node:zlib gets each frame separately, since its versions differ in how they treat several frames, a missing end,
 * and bytes after the end.
 */
export function decompressZstd(source: ByteStream, options: DecompressOptions): AsyncGenerator<Uint8Array> {
  return bounded(frames(source, options), options)
}

async function* frames(source: ByteStream, options: DecompressOptions): AsyncGenerator<Uint8Array> {
  const cursor = new ByteCursor(source)
  const explain = (cause: unknown) =>
    notValid('zstd', cause instanceof Error ? cause.message : String(cause), { ...options, cause })
  let seen = false
  try {
    while ((await cursor.more()) || !seen) {
      seen = true
      const magic = await exactly(cursor, 4, options)
      const number = magic.readUInt32LE(0)
      if ((number & 0xfffffff0) >>> 0 === skippableMagic) {
        const size = (await exactly(cursor, 4, options)).readUInt32LE(0)
        if ((await cursor.skip(size)) < size) throw cutOff(options)
      } else if (number === frameMagic) {
        yield* pump(frame(cursor, magic, options), createZstdDecompress(reading), explain)
      } else {
        throw notValid('zstd', `byte ${cursor.position - 4} does not start a frame`, options)
      }
    }
  } finally {
    await cursor.close()
  }
}

/** The bytes of one frame (RFC 8878, 3.1.1): headers are read here, to know where it ends. */
async function* frame(
  cursor: ByteCursor,
  magic: Buffer,
  options: DecompressOptions,
): AsyncGenerator<Uint8Array> {
  yield magic
  const descriptor = await exactly(cursor, 1, options)
  yield descriptor
  const flags = descriptor.readUInt8(0)
  const single = (flags & 0x20) !== 0
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] as number
  const contentBytes = [single ? 1 : 0, 2, 4, 8][flags >> 6] as number
  const rest = (single ? 0 : 1) + dictionaryBytes + contentBytes
  if (rest > 0) yield await exactly(cursor, rest, options)
  for (let last = false; !last; ) {
    const header = await exactly(cursor, 3, options)
    yield header
    const bits = header.readUIntLE(0, 3)
    last = (bits & 1) === 1
    // A block of run-length type (1) holds one byte, whatever its size says.
    yield* views(cursor, ((bits >> 1) & 3) === 1 ? 1 : bits >> 3, options)
  }
  if (flags & 0x04) yield await exactly(cursor, 4, options)
}

async function* views(cursor: ByteCursor, size: number, options: DecompressOptions) {
  for (let left = size; left > 0; ) {
    if (!(await cursor.more())) throw cutOff(options)
    const view = cursor.take(left)
    left -= view.length
    yield view
  }
}

async function exactly(cursor: ByteCursor, size: number, options: DecompressOptions): Promise<Buffer> {
  const bytes = await cursor.read(size)
  if (bytes.length < size) throw cutOff(options)
  return bytes
}

function cutOff(options: DecompressOptions) {
  return notValid('zstd', 'it is cut off', options)
}
