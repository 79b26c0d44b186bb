import type { Architecture } from '../../../../model/platform.ts'
import { createStringTable } from './string-table.ts'

export interface CacheEntry {
  /** Soname. */
  readonly name: string
  /** Full path, leading slash. */
  readonly path: string
  /** Place of its folder in the search order. */
  readonly order: number
  /** Name of the folder below "glibc-hwcaps" that it lies in: "x86-64-v3". Capable machines prefer it to the others. */
  readonly hwcaps?: string
}

/** ELF libraries of the GNU C library 2 (3), with the bits of the machine: what ldconfig calls x86-64 and AArch64. */
const flags: Readonly<Record<Architecture, number>> = { amd64: 0x0303, arm64: 0x0a03 }
const magic = 'glibc-ld.so.cache1.1'
const headerSize = 48
const entrySize = 24
/** cache_file_new_flags_endian_little */
const littleEndian = 2

/** Marks the extensions of a cache (dl-cache.h): the text that says who made it has the tag 0, names of hwcaps have 1. */
const extensionMagic = 0xeaa42174
const extensionHeader = 8
const extensionSection = 16
/** In the upper half of an entry's hwcap field: the lower half is the number of a hwcaps folder. */
const hwcapExtension = 1 << 30

/**
 * Writes /etc/ld.so.cache as ldconfig of glibc 2.33 and later does ("glibc-ld.so.cache1.1", little endian): header,
 * entries in descending order of their names, strings, and who made it (`generator`), which `ldconfig -p` shows. The
 * loader searches it by bisection.
 */
export function writeLoaderCache(
  entries: readonly CacheEntry[],
  options: {
    readonly architecture: Architecture
    readonly generator?: string | undefined
    /** Names of all hwcaps folders, also of those without a library, whose names are in the cache too. */
    readonly hwcaps?: readonly string[]
  },
): Uint8Array {
  const sorted = [...entries].sort(
    (a, b) => compareLibraryNames(b.name, a.name) || compareHwcaps(a, b) || a.order - b.order,
  )
  const hwcaps = [...new Set(sorted.flatMap(({ hwcaps: name }) => name ?? []))].sort(compareTexts)
  const strings = createStringTable([
    ...sorted.flatMap(({ name, path }) => [name, path]),
    ...(options.hwcaps ?? hwcaps),
  ])
  const start = headerSize + sorted.length * entrySize
  const table = Buffer.alloc(start)
  table.write(magic, 0, 'latin1')
  table.writeUInt32LE(sorted.length, 20)
  table.writeUInt32LE(strings.bytes.length, 24)
  table.writeUInt8(littleEndian, 28)
  for (const [i, { name, path, hwcaps: folder }] of sorted.entries()) {
    const at = headerSize + i * entrySize
    table.writeUInt32LE(flags[options.architecture], at)
    table.writeUInt32LE(start + strings.offsetOf(name), at + 4)
    table.writeUInt32LE(start + strings.offsetOf(path), at + 8)
    if (folder === undefined) continue
    table.writeUInt32LE(hwcaps.indexOf(folder), at + 16)
    table.writeUInt32LE(hwcapExtension, at + 20)
  }
  if (options.generator === undefined && hwcaps.length === 0) return Buffer.concat([table, strings.bytes])
  const end = start + strings.bytes.length
  const extension = Math.ceil(end / 4) * 4
  table.writeUInt32LE(extension, 32)
  const padding = Buffer.alloc(extension - end)
  const names = hwcaps.map((name) => start + strings.offsetOf(name))
  const written = extensions(extension, { names, generator: options.generator ?? '' })
  return Buffer.concat([table, strings.bytes, padding, written])
}

/** Libraries of hwcaps folders come before the others, by the names of the folders. */
function compareHwcaps({ hwcaps: a }: CacheEntry, { hwcaps: b }: CacheEntry): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  return compareTexts(a, b)
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Who made the cache, and offsets of the names of hwcaps folders where there are any. `at`: where this begins. */
function extensions(
  at: number,
  { names, generator }: { readonly names: readonly number[]; readonly generator: string },
): Buffer {
  const text = Buffer.from(generator, 'utf8')
  const sections = names.length === 0 ? 1 : 2
  const head = extensionHeader + sections * extensionSection
  const bytes = Buffer.alloc(head + names.length * 4)
  bytes.writeUInt32LE(extensionMagic, 0)
  bytes.writeUInt32LE(sections, 4)
  // Tag 0 and no flags, then where the text is and how long.
  bytes.writeUInt32LE(at + bytes.length, 16)
  bytes.writeUInt32LE(text.length, 20)
  if (sections === 2) {
    bytes.writeUInt32LE(1, 24)
    bytes.writeUInt32LE(at + head, 32)
    bytes.writeUInt32LE(names.length * 4, 36)
  }
  for (const [index, name] of names.entries()) bytes.writeUInt32LE(name, head + index * 4)
  return Buffer.concat([bytes, text])
}

/** The order of the loader: runs of digits compare as numbers, other characters by code. */
export function compareLibraryNames(a: string, b: string): number {
  let i = 0
  let j = 0
  while (i < a.length) {
    if (isDigit(a[i])) {
      if (!isDigit(b[j])) return 1
      const [x, y] = [digits(a, i), digits(b, j)]
      if (BigInt(x) !== BigInt(y)) return BigInt(x) < BigInt(y) ? -1 : 1
      i += x.length
      j += y.length
    } else if (isDigit(b[j])) return -1
    else if (a[i] !== b[j]) return a.charCodeAt(i) - (j < b.length ? b.charCodeAt(j) : 0)
    else {
      i++
      j++
    }
  }
  return i - a.length + (j < b.length ? -1 : 0)
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9'
}

function digits(text: string, start: number): string {
  let end = start
  while (isDigit(text[end])) end++
  return text.slice(start, end)
}
