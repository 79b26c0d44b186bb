import type { Architecture } from '../../../../model/platform.ts'
import { createStringTable } from './string-table.ts'

export interface CacheEntry {
  /** Soname. */
  readonly name: string
  /** Full path, leading slash. */
  readonly path: string
  /** Place of its folder in the search order. */
  readonly order: number
}

/** ELF libraries of the GNU C library 2 (3), with the bits of the machine: what ldconfig calls x86-64 and AArch64. */
const flags: Readonly<Record<Architecture, number>> = { amd64: 0x0303, arm64: 0x0a03 }
const magic = 'glibc-ld.so.cache1.1'
const headerSize = 48
const entrySize = 24
/** cache_file_new_flags_endian_little */
const littleEndian = 2

/** Marks the extensions of a cache (dl-cache.h). */
const extensionMagic = 0xeaa42174
const extensionSize = 24

/**
 * Writes /etc/ld.so.cache as ldconfig of glibc 2.33 and later does ("glibc-ld.so.cache1.1", little endian): header,
 * entries in descending order of their names, strings, and who made it (`generator`), which `ldconfig -p` shows. The
 * loader searches it by halving.
 */
export function writeLoaderCache(
  entries: readonly CacheEntry[],
  options: { readonly architecture: Architecture; readonly generator?: string | undefined },
): Uint8Array {
  const sorted = [...entries].sort((a, b) => compareLibraryNames(b.name, a.name) || a.order - b.order)
  const strings = createStringTable(sorted.flatMap(({ name, path }) => [name, path]))
  const start = headerSize + sorted.length * entrySize
  const table = Buffer.alloc(start)
  table.write(magic, 0, 'latin1')
  table.writeUInt32LE(sorted.length, 20)
  table.writeUInt32LE(strings.bytes.length, 24)
  table.writeUInt8(littleEndian, 28)
  for (const [i, { name, path }] of sorted.entries()) {
    const at = headerSize + i * entrySize
    table.writeUInt32LE(flags[options.architecture], at)
    table.writeUInt32LE(start + strings.offsetOf(name), at + 4)
    table.writeUInt32LE(start + strings.offsetOf(path), at + 8)
  }
  if (options.generator === undefined) return Buffer.concat([table, strings.bytes])
  const end = start + strings.bytes.length
  const extension = Math.ceil(end / 4) * 4
  table.writeUInt32LE(extension, 32)
  const padding = Buffer.alloc(extension - end)
  return Buffer.concat([table, strings.bytes, padding, generatorExtension(extension, options.generator)])
}

/** The one extension that every cache has: the text that says who made it. `at`: its own offset. */
function generatorExtension(at: number, generator: string): Buffer {
  const text = Buffer.from(generator, 'utf8')
  const bytes = Buffer.alloc(extensionSize)
  bytes.writeUInt32LE(extensionMagic, 0)
  bytes.writeUInt32LE(1, 4)
  // Tag 0 and no flags, then where the text is and how long.
  bytes.writeUInt32LE(at + extensionSize, 16)
  bytes.writeUInt32LE(text.length, 20)
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
