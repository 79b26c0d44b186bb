import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
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

/** A block opened for look-ups: all keys, and where the values lie. */
export class Block {
  readonly keys: readonly string[]
  readonly #bytes: Buffer
  /** Start and end of each value, in pairs. */
  readonly #bounds: readonly number[]

  /** Throws RangeError when the bytes are no block. */
  constructor(bytes: Buffer) {
    const keys: string[] = []
    const bounds: number[] = []
    let last = ''
    let at = 0
    const varint = (): number => {
      let value = 0
      for (let shift = 0; shift < 35; shift += 7) {
        const byte = bytes[at++]
        if (byte === undefined) break
        value |= (byte & 0x7f) << shift
        if (byte < 0x80) {
          if (value < 0) break
          return value
        }
      }
      throw new RangeError('a number in a block is cut off or too large')
    }
    while (at < bytes.length) {
      const shared = varint()
      const rest = varint()
      const length = varint()
      const end = at + rest + length
      if (shared > last.length || end > bytes.length) throw new RangeError('a row leaves its block')
      last = last.slice(0, shared) + bytes.toString('latin1', at, at + rest)
      keys.push(last)
      bounds.push(at + rest, end)
      at = end
    }
    this.keys = keys
    this.#bytes = bytes
    this.#bounds = bounds
  }

  value(row: number): Buffer {
    return this.#bytes.subarray(this.#bounds[2 * row], this.#bounds[2 * row + 1])
  }

  /** The first row whose key is not below `key`; the number of rows when there is none. */
  seek(key: string): number {
    let low = 0
    let high = this.keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.keys[middle] ?? '') < key) low = middle + 1
      else high = middle
    }
    return low
  }
}

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
