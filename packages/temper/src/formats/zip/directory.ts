import { TemperError } from '../../base/error.ts'
import { notValid } from '../compress/decompress-fault.ts'
import type { ZipEntry, ZipOptions } from './entry.ts'
import type { RandomSource } from './source.ts'

const endSignature = 0x06054b50
const end64Signature = 0x06064b50
const locatorSignature = 0x07064b50
const entrySignature = 0x02014b50

const endSize = 22
const locatorSize = 20
const end64Size = 56
const entrySize = 46
/** An end record may be followed by a comment of this size at most. */
const longestComment = 0xffff

export interface ZipDirectory {
  /** In the order of the directory; folders are left out. */
  readonly entries: readonly ZipEntry[]
  /** Names that point outside the archive ("../x", "/x", "a\\0b"), whose entries are left out. */
  readonly refused: readonly string[]
  /** Where the directory begins in the source. */
  readonly start: number
}

interface Extent {
  readonly offset: number
  readonly size: number
  readonly count: number
  /** Size of what precedes the archive, such as a shell script; offsets count from its end. */
  readonly shift: number
}

/** Reads the central directory. Errors: `bad-archive`, `limit-exceeded`. */
export function readDirectory(source: RandomSource, options: ZipOptions): ZipDirectory {
  const extent = findDirectory(source, options)
  const { entries: most = 1_000_000, directoryBytes = 256 << 20 } = options.limits ?? {}
  if (extent.count > most || extent.size > directoryBytes) throw tooMany(options, `${extent.count} entries`)
  const start = extent.offset + extent.shift
  if (start < 0 || start + extent.size > source.size) throw wrong(options, 'its directory lies outside it')
  const bytes = asBuffer(source.read(start, extent.size))
  const entries: ZipEntry[] = []
  const refused: string[] = []
  let at = 0
  // The count may lie (it wraps around in some writers' archives): the directory's size is what counts.
  while (at + entrySize <= bytes.length && bytes.readUInt32LE(at) === entrySignature) {
    if (entries.length + refused.length >= most) throw tooMany(options, `more than ${most} entries`)
    const end =
      at + entrySize + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
    if (end > bytes.length) throw wrong(options, 'its directory is cut off')
    const entry = readEntry(bytes.subarray(at, end), extent.shift, options)
    at = end
    if (entry.name.endsWith('/')) continue
    if (isPlain(entry.name)) entries.push(entry)
    else refused.push(entry.name)
  }
  if (at < bytes.length && bytes.readUInt8(at) !== 0x50) throw wrong(options, 'its directory is damaged')
  return { entries, refused, start }
}

function findDirectory(source: RandomSource, options: ZipOptions): Extent {
  const tailSize = Math.min(source.size, endSize + longestComment + locatorSize)
  const tailStart = source.size - tailSize
  const tail = asBuffer(source.read(tailStart, tailSize))
  for (let at = tail.length - endSize; at >= 0; at--) {
    if (tail[at] !== 0x50 || tail.readUInt32LE(at) !== endSignature) continue
    if (at + endSize + tail.readUInt16LE(at + 20) > tail.length) continue
    return readEnd(source, { tail, at, position: tailStart + at }, options)
  }
  throw wrong(options, 'it has no end-of-directory record')
}

/** The end record, or the one of zip64 that it stands for (APPNOTE.TXT, 4.3.14 to 4.3.16). */
function readEnd(
  source: RandomSource,
  end: { tail: Buffer; at: number; position: number },
  options: ZipOptions,
): Extent {
  const { tail, at, position } = end
  const count = tail.readUInt16LE(at + 10)
  const size = tail.readUInt32LE(at + 12)
  const offset = tail.readUInt32LE(at + 16)
  const locator = at - locatorSize
  const is64 = locator >= 0 && tail.readUInt32LE(locator) === locatorSignature
  if (!is64) return { count, size, offset, shift: position - size - offset }
  const end64 = findEnd64(source, { stated: readSize(tail, locator + 8), before: position - locatorSize })
  if (end64 === undefined) throw wrong(options, 'its zip64 end-of-directory record is missing')
  const record = asBuffer(source.read(end64, end64Size))
  const size64 = readSize(record, 40)
  const offset64 = readSize(record, 48)
  return { count: readSize(record, 32), size: size64, offset: offset64, shift: end64 - size64 - offset64 }
}

/** Where it is said to be; right before its locator when something was put before the archive. */
function findEnd64(source: RandomSource, place: { stated: number; before: number }): number | undefined {
  return [place.stated, place.before - end64Size].find((offset) => {
    if (offset < 0 || offset + end64Size > place.before) return false
    return asBuffer(source.read(offset, 4)).readUInt32LE(0) === end64Signature
  })
}

function readEntry(bytes: Buffer, shift: number, options: ZipOptions): ZipEntry {
  const flags = bytes.readUInt16LE(8)
  const nameEnd = entrySize + bytes.readUInt16LE(28)
  const sizes = {
    packedSize: bytes.readUInt32LE(20),
    size: bytes.readUInt32LE(24),
    headerOffset: bytes.readUInt32LE(42),
  }
  widen(sizes, bytes.subarray(nameEnd, nameEnd + bytes.readUInt16LE(30)), options)
  return {
    name: decodeName(bytes.subarray(entrySize, nameEnd)),
    method: bytes.readUInt16LE(10),
    encrypted: (flags & 1) !== 0,
    crc32: bytes.readUInt32LE(16),
    packedSize: sizes.packedSize,
    size: sizes.size,
    ...unixMode(bytes),
    headerOffset: sizes.headerOffset + shift,
  }
}

/** The upper byte of "version made by" is 3 on Unix, which then keeps its mode in the external attributes. */
function unixMode(bytes: Buffer): Pick<ZipEntry, 'unixMode'> {
  const mode = bytes.readUInt16LE(40)
  return bytes[5] === 3 && mode !== 0 ? { unixMode: mode } : {}
}

/** Fields that are all ones stand in the zip64 extra field, in this order (APPNOTE.TXT, 4.5.3). */
function widen(
  sizes: { size: number; packedSize: number; headerOffset: number },
  extra: Buffer,
  options: ZipOptions,
): void {
  const wide = (['size', 'packedSize', 'headerOffset'] as const).filter((key) => sizes[key] === 0xffffffff)
  if (wide.length === 0) return
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    const end = at + 4 + extra.readUInt16LE(at + 2)
    let value = at + 4
    for (const key of wide) {
      if (value + 8 > end || value + 8 > extra.length) throw wrong(options, 'a zip64 field is cut off')
      sizes[key] = readSize(extra, value)
      value += 8
    }
    return
  }
}

/** 64 bits; what is no safe integer is larger than any limit anyway. */
function readSize(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at))
}

/** UTF-8 whether it is flagged as such or not, as most writers do; else one character a byte. */
function decodeName(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') ? bytes.toString('latin1') : text
}

function isPlain(name: string): boolean {
  if (name === '' || name.startsWith('/') || name.includes('\0')) return false
  if (/^[A-Za-z]:[\\/]/.test(name)) return false
  return !name.includes('..') || !name.split(/[\\/]/).includes('..')
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

function wrong(options: ZipOptions, reason: string): TemperError {
  return notValid('zip', reason, options)
}

function tooMany(options: ZipOptions, found: string): TemperError {
  return new TemperError(
    'limit-exceeded',
    `${options.what}: a zip archive with ${found}, more than Temper reads`,
  )
}
