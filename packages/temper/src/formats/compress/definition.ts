import type { Compressor } from '../../model/lock.ts'

/** Compresses one chunk synchronously, on the calling thread. */
export type CompressSync = (chunk: Uint8Array) => Uint8Array

/**
 * The implementations that define the bytes of layers, as code that gives the same result on every machine.
 * "pako-3.0.3": a gzip member with an empty header (no time, XFL 0, OS 255) around pako's raw deflate.
 * "zstd-1.5.7": what ZSTD_compress of that version writes for the chunk: content size in the header, no
 * checksum.
 */
export async function loadDefinition(spec: Compressor): Promise<CompressSync> {
  if (spec.format === 'gzip') {
    const { gzip } = await import('pako')
    return (chunk) => {
      const member = gzip(chunk, { level: spec.level as 6, windowBits: 15, memLevel: 8 })
      member[8] = 0
      member[9] = 255
      return member
    }
  }
  const { compress } = await loadZstd()
  return (chunk) => compress(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), spec.level)
}

let zstd: Promise<typeof import('@bokuweb/zstd-wasm')> | undefined

/** Once per thread: a second `init` would give the module new memory and leave it with old pointers. */
function loadZstd(): Promise<typeof import('@bokuweb/zstd-wasm')> {
  zstd ??= import('@bokuweb/zstd-wasm').then(async (module) => {
    await module.init()
    return module
  })
  return zstd
}
