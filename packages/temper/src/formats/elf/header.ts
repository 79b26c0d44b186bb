/** e_type values (System V gABI, chapter 4, "ELF header"). */
export const elfTypes = { executable: 2, shared: 3 } as const

/** p_type values that matter here (gABI, chapter 5, "Program header"; the last two are GNU extensions). */
export const segmentTypes = {
  load: 1,
  dynamic: 2,
  interpreter: 3,
  stack: 0x6474e551,
  readOnlyAfterRelocation: 0x6474e552,
} as const

/** Size of the 64-bit ELF header and of one entry of its program header table. */
export const headerSize = 64
const programHeaderSize = 56

/** Larger program header tables are refused by the Linux kernel as well. */
const programTableLimit = 65_536

export interface ElfHeader {
  readonly bits: 32 | 64
  readonly machine: number
  readonly type: number
  /** Where the program header table is in the file; length 0 when there is none. */
  readonly programTable: { readonly offset: number; readonly length: number }
  /** Why nothing beyond these facts can be read. */
  readonly unsupported?: string
}

/** A segment: bytes of the file that are mapped at an address. */
export interface Segment {
  readonly type: number
  readonly writable: boolean
  readonly executable: boolean
  readonly offset: number
  readonly address: number
  /** Bytes in the file, up to the file's end at most. */
  readonly size: number
  /** The file ends before the segment does. */
  readonly cut: boolean
}

/** True while `bytes` (from the start of a file) may still be an ELF file's beginning. */
export function mayBeElf(bytes: Uint8Array): boolean {
  const magic = [0x7f, 0x45, 0x4c, 0x46]
  return magic.every((byte, i) => i >= bytes.length || bytes[i] === byte)
}

/** Reads the first 64 bytes of a file with ELF magic. Never throws: anything unusual sets `unsupported`. */
export function parseElfHeader(bytes: Buffer): ElfHeader {
  const bits = bytes[4] === 1 ? 32 : 64
  const bigEndian = bytes[5] === 2
  const type = bigEndian ? bytes.readUInt16BE(16) : bytes.readUInt16LE(16)
  const machine = bigEndian ? bytes.readUInt16BE(18) : bytes.readUInt16LE(18)
  const facts = { bits, machine, type, programTable: { offset: 0, length: 0 } } as const
  if (bytes[4] !== 1 && bytes[4] !== 2) return { ...facts, unsupported: `unknown ELF class ${bytes[4]}` }
  if (bytes[5] !== 1 && bytes[5] !== 2) return { ...facts, unsupported: `unknown byte order ${bytes[5]}` }
  if (bits === 32) return { ...facts, unsupported: '32-bit ELF is not supported' }
  if (bigEndian) return { ...facts, unsupported: 'big-endian ELF is not supported' }
  const count = bytes.readUInt16LE(56)
  if (count === 0) return facts
  const entrySize = bytes.readUInt16LE(54)
  if (entrySize !== programHeaderSize) {
    return { ...facts, unsupported: `program headers of ${entrySize} bytes instead of ${programHeaderSize}` }
  }
  const length = count * programHeaderSize
  if (length > programTableLimit) return { ...facts, unsupported: `${count} program headers are too many` }
  return { ...facts, programTable: { offset: readWord(bytes, 32), length } }
}

/** Reads a whole program header table. `fileSize` cuts segments that claim to reach further. */
export function parseSegments(table: Buffer, fileSize: number): Segment[] {
  const segments: Segment[] = []
  for (let at = 0; at + programHeaderSize <= table.length; at += programHeaderSize) {
    const flags = table.readUInt32LE(at + 4)
    const offset = readWord(table, at + 8)
    const claimed = readWord(table, at + 32)
    const size = Math.max(0, Math.min(claimed, fileSize - offset))
    segments.push({
      type: table.readUInt32LE(at),
      executable: (flags & 1) !== 0,
      writable: (flags & 2) !== 0,
      offset,
      address: readWord(table, at + 16),
      size,
      cut: size < claimed,
    })
  }
  return segments
}

/** A 64-bit little-endian number. Above 2^53 it loses digits, which only makes it a number that no file reaches. */
export function readWord(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000
}
