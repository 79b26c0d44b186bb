import { crc32, inflateRawSync } from 'node:zlib'
import { TemperError } from '../../base/error.ts'
import { notValid, tooLarge } from '../compress/decompress-fault.ts'
import { asBuffer, readDirectory } from './directory.ts'
import type { ZipBudget, ZipEntry, ZipOptions } from './entry.ts'
import type { RandomSource } from './source.ts'

const localSignature = 0x04034b50
const localSize = 30

/** Deflate cannot make more of a byte than this: who promises more is lying. */
const bestRatio = 1032

export interface ZipArchive {
  /** Files in the order of the directory. Of equal names only the last one counts, as for Java and Info-ZIP. */
  readonly entries: readonly ZipEntry[]
  /** Names of entries that were left out because they point outside the archive. */
  readonly refused: readonly string[]
  find(name: string): ZipEntry | undefined
  /**
   * The file's bytes, checked by size and CRC-32. Stored files are views of the source. Errors: `bad-archive`
   * (damaged, encrypted, an unknown method), `limit-exceeded`.
   */
  read(entry: ZipEntry): Uint8Array
}

/**
 * Opens a zip archive (PKWARE's APPNOTE.TXT, zip64 included) for reading in any order. The directory is read
 * immediately and checked: entries that share bytes, by which small archives become huge, are refused. Other data may
 * precede the archive. Errors: `bad-archive`, `limit-exceeded`.
 */
export function openZip(source: RandomSource, options: ZipOptions): ZipArchive {
  const directory = readDirectory(source, options)
  const byName = new Map<string, ZipEntry>()
  for (const entry of directory.entries) byName.set(entry.name, entry)
  const entries =
    byName.size === directory.entries.length
      ? directory.entries
      : directory.entries.filter((entry) => byName.get(entry.name) === entry)
  assertApart(directory.entries, directory.start, options)
  const budget = options.budget ?? { left: 4 * 2 ** 30 }
  return {
    entries,
    refused: directory.refused,
    find: (name) => byName.get(name),
    read: (entry) => readEntryBytes(source, entry, { ...options, budget, end: directory.start }),
  }
}

/** Whether bytes begin like a zip archive: with an entry, or with the end record of an empty one. */
export function looksLikeZip(start: Uint8Array): boolean {
  if (start[0] !== 0x50 || start[1] !== 0x4b) return false
  return (start[2] === 3 && start[3] === 4) || (start[2] === 5 && start[3] === 6)
}

function assertApart(entries: readonly ZipEntry[], directoryStart: number, options: ZipOptions): void {
  let end = 0
  let last: ZipEntry | undefined
  const byPlace = inOrder(entries) ? entries : [...entries].sort((a, b) => a.headerOffset - b.headerOffset)
  for (const entry of byPlace) {
    const { name, headerOffset, packedSize } = entry
    // Some writers (Gradle's shadow plugin) list a file twice: of equal names only one is read.
    if (last !== undefined && isSame(entry, last)) continue
    last = entry
    if (headerOffset < end) {
      throw notValid('zip', `"${name.slice(0, 100)}" shares bytes with another entry`, options)
    }
    end = headerOffset + localSize + packedSize
    if (!(end <= directoryStart)) {
      throw notValid('zip', `"${name.slice(0, 100)}" is said to lie outside the archive`, options)
    }
  }
}

function isSame(a: ZipEntry, b: ZipEntry): boolean {
  return a.headerOffset === b.headerOffset && a.packedSize === b.packedSize && a.name === b.name
}

function inOrder(entries: readonly ZipEntry[]): boolean {
  let last = 0
  for (const { headerOffset } of entries) {
    if (headerOffset < last) return false
    last = headerOffset
  }
  return true
}

interface EntryReading extends ZipOptions {
  readonly budget: ZipBudget
  /** Offset at which the entries end. */
  readonly end: number
}

function readEntryBytes(source: RandomSource, entry: ZipEntry, options: EntryReading): Uint8Array {
  const what = `${options.what}!/${entry.name.slice(0, 200)}`
  if (entry.encrypted) {
    throw new TemperError('bad-archive', `${what}: it is encrypted, and Temper reads no encrypted files`)
  }
  const limit = Math.min(options.limits?.entryBytes ?? 256 << 20, options.budget.left)
  if (entry.size > limit) throw tooLarge({ what, limit })
  const packed = packedBytes(source, entry, { what, end: options.end })
  options.budget.left -= entry.size
  const bytes = unpack(entry, packed, what)
  if (bytes.length !== entry.size) {
    throw notValid('zip', `expected ${entry.size} bytes, found ${bytes.length}`, { what })
  }
  if (crc32(bytes) !== entry.crc32) throw notValid('zip', 'its CRC-32 is wrong', { what })
  return bytes
}

function packedBytes(
  source: RandomSource,
  entry: ZipEntry,
  options: { what: string; end: number },
): Uint8Array {
  const header = asBuffer(source.read(entry.headerOffset, localSize))
  if (header.length < localSize || header.readUInt32LE(0) !== localSignature) {
    throw notValid('zip', 'its local header is missing', options)
  }
  const start = entry.headerOffset + localSize + header.readUInt16LE(26) + header.readUInt16LE(28)
  if (start + entry.packedSize > options.end) throw notValid('zip', 'it ends outside the archive', options)
  const packed = source.read(start, entry.packedSize)
  if (packed.length < entry.packedSize) throw notValid('zip', 'it is cut off', options)
  return packed
}

function unpack(entry: ZipEntry, packed: Uint8Array, what: string): Uint8Array {
  if (entry.method === 0) return packed
  if (entry.method !== 8) throw notValid('zip', `method ${entry.method} is not known`, { what })
  if (entry.size === 0 && entry.packedSize <= 2) return new Uint8Array(0)
  if (entry.size > entry.packedSize * bestRatio + 64) {
    throw notValid('zip', `${entry.packedSize} bytes cannot hold ${entry.size}`, { what })
  }
  try {
    return inflateRawSync(packed, {
      maxOutputLength: Math.max(1, entry.size),
      chunkSize: chunkFor(entry.size),
    })
  } catch (error) {
    const longer = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    const reason = longer
      ? `it holds more than the ${entry.size} bytes that it promises`
      : 'its data is damaged'
    throw notValid('zip', reason, { what, cause: error })
  }
}

/** One chunk takes it all where that is cheap: fewer copies. */
function chunkFor(size: number): number {
  return Math.min(Math.max(size, 64), 1 << 20)
}
