import type { Architecture } from '../../../../model/platform.ts'

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

/**
 * Writes /etc/ld.so.cache in the format of glibc 2.2 and later ("glibc-ld.so.cache1.1", little endian):
 * header, entries in descending order of their names, strings. The loader searches it by halving.
 */
export function writeLoaderCache(
  entries: readonly CacheEntry[],
  options: { readonly architecture: Architecture },
): Uint8Array {
  const sorted = [...entries].sort(
    (a, b) => compareLibraryNames(b.name, a.name) || a.order - b.order || (a.path < b.path ? -1 : 1),
  )
  const unique = sorted.filter(
    (entry, i) => entry.name !== sorted[i - 1]?.name || entry.path !== sorted[i - 1]?.path,
  )
  const start = headerSize + unique.length * entrySize
  const strings: Buffer[] = []
  const offsets = new Map<string, number>()
  let size = 0
  const place = (text: string): number => {
    const known = offsets.get(text)
    if (known !== undefined) return known
    const bytes = Buffer.from(`${text}\0`, 'utf8')
    strings.push(bytes)
    offsets.set(text, start + size)
    size += bytes.length
    return start + size - bytes.length
  }
  const table = Buffer.alloc(start)
  table.write(magic, 0, 'latin1')
  table.writeUInt32LE(unique.length, 20)
  unique.forEach((entry, i) => {
    const at = headerSize + i * entrySize
    table.writeUInt32LE(flags[options.architecture], at)
    table.writeUInt32LE(place(entry.name), at + 4)
    table.writeUInt32LE(place(entry.path), at + 8)
  })
  table.writeUInt32LE(size, 24)
  table.writeUInt8(littleEndian, 28)
  return Buffer.concat([table, ...strings])
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
