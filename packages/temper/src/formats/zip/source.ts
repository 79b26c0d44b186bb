import { readSync } from 'node:fs'

/** Bytes that can be read in any order. `read` returns exactly what was asked for, so callers check `size` first. */
export interface RandomSource {
  /** Bytes. */
  readonly size: number
  /** The result may be a view of shared memory and must not be written to. */
  read(offset: number, length: number): Uint8Array
}

/** Bytes in memory; nothing is copied. */
export function memorySource(bytes: Uint8Array): RandomSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) }
}

/** Reads ahead by this much: the entries of an archive mostly lie side by side. */
const window = 1 << 20

/**
 * An open file of `size` bytes, read on demand with one buffer of 1 MiB. Synchronous, since archives with tens of
 * thousands of small entries would otherwise spend their time waiting. A file that has become shorter meanwhile gives
 * fewer bytes than asked for.
 */
export function fileSource(descriptor: number, size: number): RandomSource {
  const buffer = Buffer.allocUnsafeSlow(Math.min(window, Math.max(1, size)))
  let start = 0
  let filled = 0
  return {
    size,
    read(offset, length) {
      if (length > buffer.length) return readAt(descriptor, Buffer.allocUnsafeSlow(length), offset)
      if (offset < start || offset + length > start + filled) {
        filled = readAt(descriptor, buffer, offset).length
        start = offset
      }
      return Uint8Array.prototype.slice.call(
        buffer,
        offset - start,
        Math.min(filled, offset - start + length),
      )
    },
  }
}

function readAt(descriptor: number, into: Buffer, offset: number): Buffer {
  let done = 0
  while (done < into.length) {
    const count = readSync(descriptor, into, done, into.length - done, offset + done)
    if (count === 0) break
    done += count
  }
  return into.subarray(0, done)
}
