import { createGunzip, createZstdDecompress } from 'node:zlib'
import { type DecompressOptions, notValid, tooLarge } from './decompress-fault.ts'
import { engines, ZlibEngine } from './zlib-engine.ts'

/** Turns one complete gzip member or zstd frame into its content, in pieces, which may be released. Calls may overlap. */
export type DecompressMember = (member: Uint8Array) => Promise<readonly Uint8Array[]>

const outputSize = 1024 * 1024

/**
 * Decompresses the members that a MemberCompressor made, in parallel, whereas a stream would process them one after
 * the other. Errors: `bad-archive`; `limit-exceeded` for more than `limit` bytes in one member.
 */
export function memberDecompressor(format: 'gzip' | 'zstd', options: DecompressOptions): DecompressMember {
  return format === 'gzip' ? gunzipMember(options) : unzstdFrame(options)
}

function gunzipMember(options: DecompressOptions): DecompressMember {
  const run = piecewise(() => new ZlibEngine(createGunzip({ chunkSize: outputSize })))
  return (member) => checked('gzip', { pieces: run(member), stated: sizeAtEnd(member) }, options)
}

function unzstdFrame(options: DecompressOptions): DecompressMember {
  const run = piecewise(() => new ZlibEngine(createZstdDecompress({ chunkSize: outputSize })))
  return (frame) => checked('zstd', { pieces: run(frame), stated: sizeInHeader(frame) }, options)
}

function piecewise(create: () => ZlibEngine) {
  return engines(
    create,
    () => true,
    (engine, member) => engine.run(member),
  )
}

/** Holds the result against the size that the member states: node:zlib is silent when one is cut off. */
async function checked(
  format: 'gzip' | 'zstd',
  result: { readonly pieces: Promise<readonly Uint8Array[]>; readonly stated: number | undefined },
  options: DecompressOptions,
): Promise<readonly Uint8Array[]> {
  const pieces = await result.pieces.catch((cause: Error) => {
    throw notValid(format, cause.message, { ...options, cause })
  })
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
  if (size > options.limit) throw tooLarge(options)
  if (size !== result.stated) throw notValid(format, 'it is cut off', options)
  return pieces
}

/** ISIZE (RFC 1952, 2.3.1), exact below 4 GiB; 18 bytes are header, an empty block, checksum and size. */
function sizeAtEnd({ buffer, byteOffset, length }: Uint8Array): number | undefined {
  return length < 18 ? undefined : new DataView(buffer, byteOffset, length).getUint32(length - 4, true)
}

/**
 * Frame_Content_Size (RFC 8878, 3.1.1.1), which every frame of a MemberCompressor has, as none has a
 * dictionary; 9 bytes are the header and an empty block.
 */
function sizeInHeader(frame: Uint8Array): number | undefined {
  if (frame.length < 9) return undefined
  const header = Buffer.alloc(14)
  header.set(frame.subarray(0, header.length))
  const descriptor = header.readUInt8(4)
  const at = (descriptor & 0x20) !== 0 ? 5 : 6
  switch (descriptor >> 6) {
    case 0:
      return header.readUInt8(at)
    case 1:
      return header.readUInt16LE(at) + 256
    case 2:
      return header.readUInt32LE(at)
    default:
      return Number(header.readBigUInt64LE(at))
  }
}
