import type { ByteStream } from '../../base/bytes.ts'
import { type FileRegion, readRegion } from '../bytes/file-region.ts'
import { decompressBzip2 } from '../bzip2/decompress.ts'
import { decompressLzma } from '../lzma/decompress.ts'
import { decompressXz, decompressXzFile, type XzOptions } from '../xz/decompress.ts'
import { bounded } from './decompress-fault.ts'
import { decompressGzip } from './gzip.ts'
import { decompressZstd } from './zstd.ts'

export type { FileRegion } from '../bytes/file-region.ts'

export type CompressionFormat = 'none' | 'gzip' | 'xz' | 'zstd' | 'bzip2' | 'lzma'

/**
 * Decompresses a stream of a known format. More than `limit` bytes are an error (`limit-exceeded`), damaged or
 * cut off data and bytes after it are errors (`bad-archive`). Stopping early closes the source.
 */
export function decompress(
  format: CompressionFormat,
  source: ByteStream,
  options: XzOptions,
): AsyncGenerator<Uint8Array> {
  switch (format) {
    case 'none':
      return bounded(source, options)
    case 'gzip':
      return decompressGzip(source, options)
    case 'xz':
      return decompressXz(source, options)
    case 'zstd':
      return decompressZstd(source, options)
    case 'bzip2':
      return decompressBzip2(source, options)
    case 'lzma':
      return decompressLzma(source, options)
  }
}

/** The same for a region of a file; xz then need not pass through this process (see decompressXzFile). */
export function decompressFile(
  format: CompressionFormat,
  region: FileRegion,
  options: XzOptions,
): AsyncGenerator<Uint8Array> {
  if (format === 'xz') return decompressXzFile(region, options)
  return decompress(format, readRegion(region, options), options)
}

/** Recognises the format by its first bytes (6 are enough); lzma has no magic bytes. */
export function compressionOf(start: Uint8Array): CompressionFormat {
  const hex = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, 6)).toString('hex')
  if (hex.startsWith('1f8b')) return 'gzip'
  if (hex.startsWith('28b52ffd') || /^5.2a4d18/.test(hex)) return 'zstd'
  if (/^425a683[1-9]/.test(hex)) return 'bzip2'
  return hex === 'fd377a585a00' ? 'xz' : 'none'
}
