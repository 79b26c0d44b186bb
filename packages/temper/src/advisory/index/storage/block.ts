import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Row } from '../record/row.ts'
import { varintSize, writeVarint } from './varint.ts'

/** Where a block lies in its file, and what it must be. */
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

/** Rows of one block as they are being written: each key without what it shares with the one before. */
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
 * A block opened for look-ups. Rows are found by going through the bytes: no key but those that are wanted becomes a
 * string, since making strings of some hundred keys takes longer than inflating the block. All methods throw RangeError
 * when the bytes are no block.
 */
export class Block {
  readonly #bytes: Buffer
  #sorted: SortedRows | undefined

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** All rows in order. */
  rows(): readonly Row[] {
    const rows: Row[] = []
    scan(this.#bytes, nothing, ({ key, length, value }) => {
      rows.push({ key: key.toString('latin1', 0, length), value })
      return true
    })
    return rows
  }

  /**
   * Visits the rows whose keys begin with `start`, with the rest of the key. True: more of them may follow in the next
   * block; false: a later key was seen.
   */
  startingWith(start: Buffer, visit: (rest: string, value: Buffer) => void): boolean {
    return scan(this.#bytes, start, ({ key, length, common, value }) => {
      if (common < start.length) return false
      visit(key.toString('latin1', start.length, length), value)
      return true
    })
  }

  /** For blocks of which many rows are asked for in turn: all keys, and a binary search among them. */
  get sorted(): SortedRows {
    this.#sorted ??= new SortedRows(this.rows())
    return this.#sorted
  }
}

/** Rows with their keys made strings. */
class SortedRows {
  readonly rows: readonly Row[]

  constructor(rows: readonly Row[]) {
    this.rows = rows
  }

  /** The first row whose key is not below `key`; the number of rows when there is none. */
  seek(key: string): number {
    let low = 0
    let high = this.rows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.rows[middle]?.key ?? '') < key) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Where a scan is. */
interface ScannedRow {
  /** The key, in a buffer that may be longer. */
  key: Buffer
  length: number
  /** Bytes at the start of the key that are those of what is looked for. */
  common: number
  value: Buffer
}

/** Calls `visit` for each row whose key is not below `start`, until it returns false; gives that. */
function scan(bytes: Buffer, start: Buffer, visit: (row: ScannedRow) => boolean): boolean {
  const row: ScannedRow = { key: Buffer.allocUnsafe(128), length: 0, common: 0, value: nothing }
  const lengths = { shared: 0, rest: 0, value: 0, at: 0 }
  while (lengths.at < bytes.length) {
    readLengths(bytes, lengths)
    const { shared, rest, at } = lengths
    const end = at + rest + lengths.value
    if (shared > row.length || end > bytes.length) throw new RangeError('a row leaves its block')
    lengths.at = end
    row.length = shared + rest
    if (row.length > row.key.length) row.key = Buffer.concat([row.key, Buffer.alloc(row.length)])
    const { key } = row
    for (let i = 0; i < rest; i++) key[shared + i] = bytes[at + i] ?? 0
    // A key that shares more with the one before differs from what is looked for at the same place.
    if (shared <= row.common) row.common = commonLength(key, start, { from: shared, to: row.length })
    const { common } = row
    const isBelow =
      common < start.length && (common === row.length || (key[common] ?? 0) < (start[common] ?? 0))
    if (isBelow) continue
    row.value = bytes.subarray(at + rest, end)
    if (!visit(row)) return false
  }
  return true
}

function commonLength(
  key: Buffer,
  start: Buffer,
  range: { readonly from: number; readonly to: number },
): number {
  const most = Math.min(range.to, start.length)
  let at = range.from
  while (at < most && key[at] === start[at]) at++
  return at
}

/** Reads the three numbers before a row, and moves on to its key. */
function readLengths(bytes: Buffer, into: { shared: number; rest: number; value: number; at: number }): void {
  into.shared = readVarint(bytes, into)
  into.rest = readVarint(bytes, into)
  into.value = readVarint(bytes, into)
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
export function openBlock(stored: Buffer, ref: BlockRef): Block {
  if (crc32(stored) !== ref.checksum) throw new RangeError(`the block at byte ${ref.offset} is damaged`)
  const bytes = inflateRawSync(stored, {
    chunkSize: Math.max(64, ref.size + 1),
    maxOutputLength: ref.size + 1,
  })
  if (bytes.length !== ref.size) throw new RangeError(`the block at byte ${ref.offset} has another size`)
  return new Block(bytes)
}
