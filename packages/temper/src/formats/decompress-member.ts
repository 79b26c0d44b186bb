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
    const stated = Buffer.from(member.buffer, member.byteOffset, member.length).readUInt32LE(
      member.length - 4,
    )
    if (stated !== size % 2 ** 32) throw notValid('gzip', 'it is cut off', options)
    return pieces
  }
}

function unzstdFrame(options: DecompressOptions): DecompressMember {
  const settings = { maxOutputLength: options.limit, chunkSize: outputSize }
  return (member) =>
    new Promise((resolve, reject) => {
      zstdDecompress(member, settings, (cause, content) => {
        if (!cause) resolve([content])
        else reject(notValid('zstd', cause.message, { ...options, cause }))
      })
    })
}
