import { Malformed } from '../compress/malformed.ts'
import type { BitReader } from './bits.ts'
import { HuffmanCode, readLengths } from './huffman.ts'

/** Symbols that one Huffman code is used for before the next selector. */
const groupSize = 50
/** What older compressors may write; bzip2 1.0.8 reads more and ignores them. */
const mostSelectors = 18_002
const [runA, runB] = [0, 1]

/**
 * A block after the Burrows–Wheeler transform: each byte in the low eight bits and, once `chain` has run, the
 * position of the next byte above them.
 */
export interface Block {
  readonly table: Uint32Array
  readonly size: number
  /** Row of the original text. */
  readonly origin: number
}

/** Reads a block after its magic and checksum. `table` has room for the largest block of the stream. */
export function readBlock(bits: BitReader, table: Uint32Array): Block {
  if (bits.bit() === 1) throw new Malformed('a randomised block, which only bzip2 before 0.9.5 made')
  const origin = bits.bits(24)
  const used = readUsed(bits)
  const groups = bits.bits(3)
  if (groups < 2 || groups > 6) throw new Malformed(`${groups} code tables`)
  const selectors = readSelectors(bits, groups)
  const codes = Array.from({ length: groups }, () => new HuffmanCode(readLengths(bits, used.length + 2)))
  const size = readSymbols(bits, { table, used, selectors, codes })
  if (origin >= size) throw new Malformed('the text starts outside the block')
  chain(table, size)
  return { table, size, origin }
}

/** The bytes that occur, in their order. */
function readUsed(bits: BitReader): Uint8Array {
  const ranges = bits.bits(16)
  const used: number[] = []
  for (let range = 0; range < 16; range++) {
    if ((ranges & (0x8000 >> range)) === 0) continue
    const members = bits.bits(16)
    for (let i = 0; i < 16; i++) if ((members & (0x8000 >> i)) !== 0) used.push(range * 16 + i)
  }
  if (used.length === 0) throw new Malformed('a block without bytes')
  return Uint8Array.from(used)
}

function readSelectors(bits: BitReader, groups: number): Uint8Array {
  const count = bits.bits(15)
  if (count === 0) throw new Malformed('a block without selectors')
  const order = Array.from({ length: groups }, (_, i) => i)
  const selectors = new Uint8Array(Math.min(count, mostSelectors))
  for (let i = 0; i < count; i++) {
    let place = 0
    while (bits.bit() === 1) if (++place >= groups) throw new Malformed('a selector of no code table')
    order.unshift(...order.splice(place, 1))
    if (i < selectors.length) selectors[i] = order[0] ?? 0
  }
  return selectors
}

interface Coding {
  readonly table: Uint32Array
  readonly used: Uint8Array
  readonly selectors: Uint8Array
  readonly codes: readonly HuffmanCode[]
}

/** Undoes Huffman coding, runs and move-to-front; the number of bytes. */
function readSymbols(bits: BitReader, { table, used, selectors, codes }: Coding): number {
  const recent = Uint8Array.from(used)
  const end = used.length + 1
  let size = 0
  let run = 0
  let weight = 1
  const endRun = () => {
    if (size + run > table.length) throw new Malformed('a block that is larger than its stream says')
    table.fill(recent[0] ?? 0, size, size + run)
    size += run
    run = 0
    weight = 1
  }
  for (const selector of selectors) {
    const code = codes[selector] as HuffmanCode
    for (let i = 0; i < groupSize; i++) {
      const symbol = code.read(bits)
      if (symbol === runA || symbol === runB) {
        run += weight * (symbol + 1)
        weight *= 2
        if (run > table.length) throw new Malformed('a run that is larger than a block')
        continue
      }
      if (run > 0) endRun()
      if (symbol === end) return size
      const byte = recent[symbol - 1] ?? 0
      recent.copyWithin(1, 0, symbol - 1)
      recent[0] = byte
      if (size >= table.length) throw new Malformed('a block that is larger than its stream says')
      table[size++] = byte
    }
  }
  throw new Malformed('a block without an end')
}

/** Notes above each byte of the sorted text where the one after it stands. */
function chain(table: Uint32Array, size: number): void {
  const starts = new Uint32Array(257)
  for (let i = 0; i < size; i++) {
    const next = ((table[i] ?? 0) & 0xff) + 1
    starts[next] = (starts[next] ?? 0) + 1
  }
  for (let byte = 1; byte <= 256; byte++) starts[byte] = (starts[byte] ?? 0) + (starts[byte - 1] ?? 0)
  for (let i = 0; i < size; i++) {
    const byte = (table[i] ?? 0) & 0xff
    const at = starts[byte] ?? 0
    starts[byte] = at + 1
    table[at] = ((table[at] ?? 0) & 0xff) | (i << 8)
  }
}
