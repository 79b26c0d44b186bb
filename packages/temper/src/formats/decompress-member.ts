import { createGunzip, zstdDecompress } from 'node:zlib'
import { type DecompressOptions, notValid, tooLarge } from './decompress-fault.ts'
import { engines, ZlibEngine } from './zlib-engine.ts'

/** Turns one complete gzip member or zstd frame into its content, in pieces. Calls may overlap. */
export type DecompressMember = (member: Uint8Array) => Promise<readonly Uint8Array[]>

const outputSize = 1024 * 1024

/**
 * Decompresses the members that a MemberCompressor made, in parallel where a stream would take one after the
 * other. Errors: `bad-archive`; `limit-exceeded` for more than `limit` bytes in one member.
 */
export function memberDecompressor(format: 'gzip' | 'zstd', options: DecompressOptions): DecompressMember {
  return format === 'gzip' ? gunzipMember(options) : unzstdFrame(options)
}

function gunzipMember(options: DecompressOptions): DecompressMember {
  const run = engines(() => new ZlibEngine(createGunzip({ chunkSize: outputSize })))
  return async (member) => {
    const pieces = await run(member).catch((cause: Error) => {
      throw notValid('gzip', cause.message, { ...options, cause })
    })
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
    if (size > options.limit) throw tooLarge(options)
    // The size stands at the end (ISIZE, RFC 1952, 2.3.1): node:zlib is silent when a member is cut off.
    if (member.length < smallest || sizeAtEnd(member) !== size % 2 ** 32) {
      throw notValid('gzip', 'it is cut off', options)
    }
    return pieces
  }
}

/** Header, an empty block, checksum and size. */
const smallest = 18

function sizeAtEnd({ buffer, byteOffset, length }: Uint8Array): number {
  return new DataView(buffer, byteOffset, length).getUint32(length - 4, true)
}

function unzstdFrame(options: DecompressOptions): DecompressMember {
  const settings = { maxOutputLength: options.limit, chunkSize: outputSize }
  return (member) =>
    new Promise((resolve, reject) => {
      zstdDecompress(member, settings, (cause, content) => {
        if (!cause) resolve([content])
        else if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') reject(tooLarge(options))
        else reject(notValid('zstd', cause.message, { ...options, cause }))
      })
    })
}
