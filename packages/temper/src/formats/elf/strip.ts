import { elfTypes, headerSize, mayBeElf, parseElfHeader, parseSegments, readWord } from './header.ts'

/** Size of one entry of a 64-bit section header table. */
const entrySize = 64

/** More sections than this are numbered in another way (gABI, "ELF header", e_shnum). */
const mostSections = 0xff00

/** sh_type and sh_flags values that matter here (gABI, chapter 4, "Sections"). */
const types = { symbols: 2, strings: 3, relocationsWithAddend: 4, noBits: 8, relocations: 9 } as const
const flags = { allocated: 2, infoIsSection: 0x40 } as const

/** What debuggers and linkers read, and nothing that runs the file does. */
const debugging = /^\.(?:z?debug_|gnu\.debuglto_|gnu\.build\.attributes|stab(?:str)?\b|gdb_index$)/

interface Section {
  /** Index of its header in the old table. */
  readonly index: number
  readonly header: Buffer
  readonly name: string
  readonly type: number
  readonly flags: number
  readonly offset: number
  /** Bytes in the file. */
  readonly size: number
}

/**
 * A program or library without the symbols and tables that only debuggers and linkers read (`.symtab` with its
 * strings, `.debug_*`), as `strip --strip-all` leaves it: everything that is loaded stays in place, byte for byte,
 * including what other programs link with (`.dynsym`). Undefined for any other file, for one with nothing to remove,
 * and for one whose structure leaves doubts: bytes after its last section, which some programs read from their own
 * file, or sections in an order that symbols depend on.
 */
export function strippedElf(bytes: Buffer): Buffer | undefined {
  const sections = readSections(bytes)
  if (sections === undefined) return undefined
  const [names] = sections.filter(({ index }) => index === bytes.readUInt16LE(62))
  if (names === undefined || names.type !== types.strings) return undefined
  const gone = new Set(sections.filter((each) => isForDebuggers(each, { sections, names })))
  if (gone.size === 0) return undefined
  const loaded = sections.filter((each) => isAllocated(each))
  const lastLoaded = Math.max(0, ...loaded.map(({ index }) => index))
  // Symbols name sections by their numbers.
  if ([...gone].some(({ index }) => index < lastLoaded)) return undefined
  const end = loadedEnd(bytes, loaded)
  if (end === undefined || isFollowed(bytes, sections)) return undefined
  return written(
    bytes.subarray(0, end),
    sections.filter((each) => !gone.has(each)),
    { bytes, names },
  )
}

function readSections(bytes: Buffer): readonly Section[] | undefined {
  if (bytes.length < headerSize || !mayBeElf(bytes)) return undefined
  const header = parseElfHeader(bytes)
  const isProgram = header.type === elfTypes.executable || header.type === elfTypes.shared
  if (header.unsupported !== undefined || !isProgram || header.programTable.length === 0) return undefined
  const [table, count] = [readWord(bytes, 40), bytes.readUInt16LE(60)]
  if (bytes.readUInt16LE(58) !== entrySize || count === 0 || count >= mostSections) return undefined
  if (table < headerSize || table + count * entrySize > bytes.length) return undefined
  const headers = Array.from({ length: count }, (_, i) =>
    bytes.subarray(table + i * entrySize, table + (i + 1) * entrySize),
  )
  const at = bytes.readUInt16LE(62)
  const strings = headers[at]
  if (strings === undefined) return undefined
  const [from, length] = [readWord(strings, 24), readWord(strings, 32)]
  if (from + length > bytes.length) return undefined
  const texts = bytes.subarray(from, from + length)
  const sections = headers.map((each, index): Section => {
    const [type, start] = [each.readUInt32LE(4), each.readUInt32LE(0)]
    const nul = texts.indexOf(0, start)
    const name = start < texts.length && nul >= 0 ? texts.toString('latin1', start, nul) : ''
    const size = type === types.noBits || type === 0 ? 0 : readWord(each, 32)
    return { index, header: each, name, type, flags: readWord(each, 8), offset: readWord(each, 24), size }
  })
  return sections.every(({ offset, size }) => size === 0 || offset + size <= bytes.length)
    ? sections
    : undefined
}

function isAllocated(section: Section): boolean {
  return Math.floor(section.flags / flags.allocated) % 2 === 1
}

function isForDebuggers(
  section: Section,
  { sections, names }: { readonly sections: readonly Section[]; readonly names: Section },
): boolean {
  if (isAllocated(section) || section === names || section.type === 0) return false
  if (section.type === types.symbols || debugging.test(section.name)) return true
  if (section.type !== types.strings) return false
  // The names of symbols; those of sections may be in the same.
  return sections.some(
    ({ type, header }) => type === types.symbols && header.readUInt32LE(40) === section.index,
  )
}

/** Where the last byte is that is loaded, or that says what is; undefined when the file is shorter. */
function loadedEnd(bytes: Buffer, loaded: readonly Section[]): number | undefined {
  const { offset, length } = parseElfHeader(bytes).programTable
  if (offset + length > bytes.length) return undefined
  const segments = parseSegments(bytes.subarray(offset, offset + length), bytes.length)
  if (segments.some(({ cut }) => cut)) return undefined
  return Math.max(
    headerSize,
    offset + length,
    ...segments.map((segment) => segment.offset + segment.size),
    ...loaded.map((section) => section.offset + section.size),
  )
}

/** More comes behind what the file says of itself. */
function isFollowed(bytes: Buffer, sections: readonly Section[]): boolean {
  const { offset, length } = parseElfHeader(bytes).programTable
  const segments = parseSegments(bytes.subarray(offset, offset + length), bytes.length)
  const known = Math.max(
    readWord(bytes, 40) + sections.length * entrySize,
    ...segments.map((segment) => segment.offset + segment.size),
    ...sections.map((section) => section.offset + section.size),
  )
  return bytes.length > known
}

/** The loaded bytes, then what stays of the rest, the names of sections, and their table. */
function written(
  loaded: Buffer,
  kept: readonly Section[],
  old: { readonly bytes: Buffer; readonly names: Section },
): Buffer {
  const parts: Buffer[] = [loaded]
  let length = loaded.length
  const append = (part: Buffer, alignment: number) => {
    const padding = (alignment - (length % alignment)) % alignment
    parts.push(Buffer.alloc(padding), part)
    length += padding + part.length
    return length - part.length
  }
  const numbers = new Map(kept.map(({ index }, at) => [index, at]))
  const texts = Buffer.from(
    `\0${kept.map(({ name }) => (name === '' ? '' : `${name}\0`)).join('')}`,
    'latin1',
  )
  let nextName = 1
  const table = kept.map((section) => {
    const header = Buffer.from(section.header)
    header.writeUInt32LE(section.name === '' ? 0 : nextName, 0)
    nextName += section.name === '' ? 0 : section.name.length + 1
    renumber(header, section, numbers)
    if (section === old.names) {
      writeWord(header, 24, append(texts, 1))
      writeWord(header, 32, texts.length)
    } else if (section.size > 0 && section.offset + section.size > loaded.length) {
      const alignment = readWord(header, 48)
      const content = old.bytes.subarray(section.offset, section.offset + section.size)
      writeWord(header, 24, append(content, alignment > 0 && alignment <= 4096 ? alignment : 1))
    }
    return header
  })
  const tableAt = append(Buffer.concat(table), 8)
  const result = Buffer.concat(parts)
  writeWord(result, 40, tableAt)
  result.writeUInt16LE(kept.length, 60)
  result.writeUInt16LE(numbers.get(old.names.index) ?? 0, 62)
  return result
}

/** sh_link, and sh_info where it is the number of a section. */
function renumber(header: Buffer, section: Section, numbers: ReadonlyMap<number, number>): void {
  header.writeUInt32LE(numbers.get(header.readUInt32LE(40)) ?? 0, 40)
  const isSection =
    section.type === types.relocations ||
    section.type === types.relocationsWithAddend ||
    Math.floor(section.flags / flags.infoIsSection) % 2 === 1
  if (isSection) header.writeUInt32LE(numbers.get(header.readUInt32LE(44)) ?? 0, 44)
}

function writeWord(bytes: Buffer, at: number, value: number): void {
  bytes.writeBigUInt64LE(BigInt(value), at)
}
