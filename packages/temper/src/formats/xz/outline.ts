import { crc32 } from 'node:zlib'

/** What the index of a single xz stream says. */
export interface XzOutline {
  readonly blocks: readonly XzBlock[]
  /** Size in bytes after decompression. */
  readonly uncompressedSize: number
  /** Low byte of the stream flags: 0 none, 1 CRC32, 4 CRC64, 10 SHA-256. */
  readonly check: number
}

export interface XzBlock {
  /** From the start of the stream. */
  readonly offset: number
  /** Size of header, data and check without padding, as the index states it. */
  readonly unpaddedSize: number
  readonly uncompressedSize: number
}

/** Reads bytes of the stream. */
export type ReadAt = (offset: number, size: number) => Promise<Buffer>

const headerMagic = 'fd377a585a00'
const mostIndexBytes = 1 << 20

/**
 * Reads header, footer and index (the .xz file format, 1.1.0, sections 2.1 and 4) of `size` bytes that should be
 * exactly one stream. Undefined when they are anything else: damaged, several streams, or padded. Then a decoder has
 * to look at them.
 */
export async function readXzOutline(size: number, readAt: ReadAt): Promise<XzOutline | undefined> {
  if (size < 32 || size % 4 !== 0) return undefined
  const header = await readAt(0, 12)
  const footer = await readAt(size - 12, 12)
  if (header.length < 12 || footer.length < 12) return undefined
  const flags = header.subarray(6, 8)
  const intact =
    header.toString('hex', 0, 6) === headerMagic &&
    crc32(flags) === header.readUInt32LE(8) &&
    footer.toString('latin1', 10) === 'YZ' &&
    crc32(footer.subarray(4, 10)) === footer.readUInt32LE(0) &&
    flags.equals(footer.subarray(8, 10))
  if (!intact) return undefined
  const indexSize = (footer.readUInt32LE(4) + 1) * 4
  if (indexSize > mostIndexBytes || indexSize > size - 24) return undefined
  const index = await readAt(size - 12 - indexSize, indexSize)
  if (index.length < indexSize || crc32(index.subarray(0, -4)) !== index.readUInt32LE(indexSize - 4)) {
    return undefined
  }
  const blocks = parseIndex(index)
  const last = blocks?.at(-1)
  const end = last ? last.offset + roundedUp(last.unpaddedSize) : 12
  if (!blocks || end !== size - 12 - indexSize) return undefined
  const uncompressedSize = blocks.reduce((sum, block) => sum + block.uncompressedSize, 0)
  return { blocks, uncompressedSize, check: flags.readUInt8(1) }
}

function parseIndex(index: Buffer): XzBlock[] | undefined {
  const numbers = new VariableNumbers(index)
  if (index[0] !== 0) return undefined
  const count = numbers.next()
  if (count === undefined || count > index.length / 2) return undefined
  const blocks: XzBlock[] = []
  let offset = 12
  for (let i = 0; i < count; i++) {
    const unpaddedSize = numbers.next()
    const uncompressedSize = numbers.next()
    if (unpaddedSize === undefined || uncompressedSize === undefined) return undefined
    blocks.push({ offset, unpaddedSize, uncompressedSize })
    offset += roundedUp(unpaddedSize)
  }
  return blocks
}

function roundedUp(size: number): number {
  return Math.ceil(size / 4) * 4
}

/** Variable-length integers (section 1.2), after the index indicator; undefined past the end or 2^53. */
class VariableNumbers {
  readonly #bytes: Buffer
  #at = 1

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  next(): number | undefined {
    let value = 0
    for (let shift = 0; shift < 9; shift++) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined || this.#at > this.#bytes.length - 4) return undefined
      value += (byte & 0x7f) * 128 ** shift
      if (byte < 0x80) return Number.isSafeInteger(value) ? value : undefined
    }
    return undefined
  }
}
