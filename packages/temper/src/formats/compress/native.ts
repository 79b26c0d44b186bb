import { constants, createGzip, zstdCompress } from 'node:zlib'
import type { Compressor } from '../../model/lock.ts'
import type { CompressOnce } from './probe.ts'
import { engines, ZlibEngine } from './zlib-engine.ts'

/**
 * node:zlib with the parameters of the definition. It works on libuv's threads, so calls may overlap.
 */
export function nativeCompress(spec: Compressor): CompressOnce {
  return spec.format === 'gzip' ? gzipMember(spec.level) : zstdFrame(spec.level)
}

/** Output buffer of an engine: several members of 1 MiB usually fit. */
const outputSize = 1024 * 1024

/** Two windows of deflate: what zlib holds of its input at once. */
const heldInput = 64 * 1024

/**
 * zlib, as Node builds it, looks a few bytes past the end of its input, and matches by what it finds there: zeros in
 * a new engine, in one that is reset what an earlier input left. So an engine is used again for inputs that
 * overwrite all that it holds, and a shorter one gets its own.
 */
function gzipMember(level: number): CompressOnce {
  const create = () => {
    const flush = constants.Z_FINISH
    return new ZlibEngine(createGzip({ level, windowBits: 15, memLevel: 8, chunkSize: outputSize, flush }))
  }
  const run = engines(
    create,
    (chunk) => chunk.length >= heldInput,
    (engine, chunk) => engine.runWhole(chunk),
  )
  return async (chunk) => {
    const member = await run(chunk)
    // XFL and OS (RFC 1952, 2.3.1) tell of level and platform: neither may show.
    member[8] = 0
    member[9] = 255
    return member
  }
}

/** A frame of no bytes: node:zlib writes one more when it flushes at the end of its stream. */
const emptyFrame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x00, 0x01, 0x00, 0x00])

/**
 * Every write is made one that ends the frame: the asynchronous call otherwise hands over the chunk first
 * and the end later, and zstd then cuts blocks in another way than ZSTD_compress does. The output has room
 * for the worst case for the same reason: with less, zstd works in pieces and gives other frames.
 */
function zstdFrame(level: number): CompressOnce {
  return (chunk) =>
    new Promise((resolve, reject) => {
      const options = {
        params: { [constants.ZSTD_c_compressionLevel]: level },
        flush: constants.ZSTD_e_end,
        chunkSize: worstCase(chunk.length),
      }
      zstdCompress(chunk, options, (error, frames) => {
        if (error) return reject(error)
        const end = frames.length - emptyFrame.length
        resolve(end >= 0 && emptyFrame.equals(frames.subarray(end)) ? frames.subarray(0, end) : frames)
      })
    })
}

/** More than deflateBound and ZSTD_compressBound for any size. */
function worstCase(size: number): number {
  return size + (size >> 7) + 1024
}
