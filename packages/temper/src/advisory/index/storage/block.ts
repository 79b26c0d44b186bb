import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Row } from '../record/row.ts'
import { varintSize, writeVarint } from './varint.ts'

/** Where a block is in its file, and what it has to be. */
export interface BlockRef {
  readonly offset: number
  /** Bytes in the file. */
  readonly stored: number
  /** Bytes once inflated. */
  readonly size: number
  /** CRC-32 of the bytes in the file: finds damage, not malice. */
  readonly checksum: number
}

/** Bytes of a BlockRef as a value of an inner block. */
export const blockRefSize = 18

export function encodeBlockRef(ref: BlockRef): Buffer {
  const bytes = Buffer.alloc(blockRefSize)
  bytes.writeUIntLE(ref.offset, 0, 6)
  bytes.writeUInt32LE(ref.stored, 6)
  bytes.writeUInt32LE(ref.size, 10)
  bytes.writeUInt32LE(ref.checksum, 14)
  return bytes
}

export function decodeBlockRef(bytes: Buffer): BlockRef {
  return {
    offset: bytes.readUIntLE(0, 6),
    stored: bytes.readUInt32LE(6),
    size: bytes.readUInt32LE(10),
    checksum: bytes.readUInt32LE(14),
  }
}

/** Rows of one block while it is written; each key is stored without the prefix that it shares with the one before. */
export class BlockBuilder {
  #bytes = Buffer.allocUnsafe(32 * 1024)
  #used = 0
  #last = ''
  #rows = 0

  get size(): number {
    return this.#used
  }

  get rows(): number {
    return this.#rows
  }

  get lastKey(): string {
    return this.#last
  }

  /** Keys must come in order. */
  add(key: string, value: Uint8Array): void {
    const shared = sharedLength(this.#last, key)
    const rest = key.length - shared
    this.#reserve(3 * varintSize + rest + value.length)
    let at = writeVarint(this.#bytes, shared, this.#used)
    at = writeVarint(this.#bytes, rest, at)
    at = writeVarint(this.#bytes, value.length, at)
    at += this.#bytes.write(shared === 0 ? key : key.slice(shared), at, 'latin1')
    this.#bytes.set(value, at)
    this.#used = at + value.length
    this.#last = key
    this.#rows++
  }

  /** The block, deflated; the builder is empty afterwards. */
  finish(): { readonly bytes: Buffer; readonly size: number; readonly checksum: number } {
    const bytes = deflateRawSync(this.#bytes.subarray(0, this.#used), { level: 6 })
    const size = this.#used
    this.#used = 0
    this.#last = ''
    this.#rows = 0
    return { bytes, size, checksum: crc32(bytes) }
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#used + more))
    this.#bytes.copy(larger, 0, 0, this.#used)
    this.#bytes = larger
  }
}

function sharedLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let shared = 0
  while (shared < most && a.charCodeAt(shared) === b.charCodeAt(shared)) shared++
  return shared
}

/**
 * A block opened for look-ups. Rows are found by scanning the bytes, and of skipped rows only three numbers are read,
 * since making strings of a few hundred keys takes longer than inflating the block. All methods throw RangeError when
 * the bytes are not a block.
 */
export class RowBlock {
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** All rows in order. */
  rows(): readonly Row[] {
    const rows: Row[] = []
    const cursor = new Cursor(this.#bytes, nothing)
    let key = Buffer.allocUnsafe(128)
    while (cursor.next()) {
      const { shared, rest, at, length } = cursor
      if (length > key.length) key = Buffer.concat([key, Buffer.alloc(length)])
      for (let i = 0; i < rest; i++) key[shared + i] = this.#bytes[at + i] ?? 0
      rows.push({ key: key.toString('latin1', 0, length), value: cursor.value })
    }
    return rows
  }

  /**
   * Visits the rows whose keys begin with `start`, with the rest of the key. Returns true when more of them may
   * follow in the next block, false when a later key was seen.
   */
  startingWith(start: Buffer, visit: (rest: string, value: Buffer) => void): boolean {
    const cursor = new Cursor(this.#bytes, start)
    let after = ''
    for (let isThere = cursor.seek(); isThere; isThere = cursor.next()) {
      const { common, shared, at, rest } = cursor
      if (common < start.length) return false
      const known = Math.min(shared, start.length)
      after =
        after.slice(0, shared - known) + this.#bytes.toString('latin1', at + start.length - known, at + rest)
      visit(after, cursor.value)
    }
    return true
  }

  /** Calls `visit` with the values of the rows whose keys are not below `start`, in order, until it returns false. */
  notBelow(start: Buffer, visit: (value: Buffer) => boolean): boolean {
    const cursor = new Cursor(this.#bytes, start)
    for (let isThere = cursor.seek(); isThere; isThere = cursor.next()) if (!visit(cursor.value)) return false
    return true
  }
}

/** A place in the rows of a block, and how the key there compares with one that is looked for. */
class Cursor {
  /** Bytes that the key has in common with the one before. */
  shared = 0
  /** How many further bytes of the key follow, and where they are. */
  rest = 0
  at = 0
  /** Bytes of the key. */
  length = 0
  /** Bytes at the start of the key that match the wanted key. */
  common = 0
  readonly #bytes: Buffer
  readonly #start: Buffer
  /** The end of the value. */
  #end = 0

  constructor(bytes: Buffer, start: Buffer) {
    this.#bytes = bytes
    this.#start = start
  }

  get value(): Buffer {
    return this.#bytes.subarray(this.at + this.rest, this.#end)
  }

  /** Goes to the next row; false when there is none. */
  next(): boolean {
    if (this.#end >= this.#bytes.length) return false
    this.at = this.#end
    this.shared = this.#number()
    this.rest = this.#number()
    const size = this.#number()
    this.#end = this.at + this.rest + size
    if (this.shared > this.length || this.#end > this.#bytes.length)
      throw new RangeError('a row leaves its block')
    this.length = this.shared + this.rest
    // A key that shares more with the one before differs from what is looked for at the same place.
    if (this.shared <= this.common) this.common = this.#commonLength()
    return true
  }

  /** Goes to the first of the following rows whose key is not below the wanted key; false when there is none. */
  seek(): boolean {
    while (this.next()) if (!this.#isBelow()) return true
    return false
  }

  #isBelow(): boolean {
    const { common, shared, at, length } = this
    if (common === this.#start.length) return false
    // Before `shared` it is as the key before, which was below.
    if (common === length || common < shared) return true
    return (this.#bytes[at + common - shared] ?? 0) < (this.#start[common] ?? 0)
  }

  #commonLength(): number {
    const most = Math.min(this.length, this.#start.length)
    const from = this.at - this.shared
    let common = this.shared
    while (common < most && this.#bytes[from + common] === this.#start[common]) common++
    return common
  }

  #number(): number {
    const first = this.#bytes[this.at]
    // Nearly all are.
    if (first !== undefined && first < 0x80) {
      this.at++
      return first
    }
    return readVarint(this.#bytes, this)
  }
}

function readVarint(bytes: Buffer, place: { at: number }): number {
  let value = 0
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[place.at++]
    if (byte === undefined) break
    value |= (byte & 0x7f) << shift
    if (byte >= 0x80) continue
    if (value < 0) break
    return value
  }
  throw new RangeError('a number in a block is cut off or too large')
}

const nothing = Buffer.alloc(0)

/** Inflates and checks the stored bytes of a block. Throws an Error that says in a clause what is wrong. */
export function openBlock(stored: Buffer, ref: BlockRef): RowBlock {
  if (crc32(stored) !== ref.checksum) throw new RangeError(`the block at byte ${ref.offset} is damaged`)
  const bytes = inflateRawSync(stored, {
    chunkSize: Math.max(64, ref.size + 1),
    maxOutputLength: ref.size + 1,
  })
  if (bytes.length !== ref.size) throw new RangeError(`the block at byte ${ref.offset} has another size`)
  return new RowBlock(bytes)
}
