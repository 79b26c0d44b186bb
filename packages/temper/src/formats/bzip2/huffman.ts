import { Malformed } from '../compress/malformed.ts'
import type { BitReader } from './bits.ts'

const longest = 20

/** A canonical Huffman code: symbols are ordered by the length of their code, then by number. */
export class HuffmanCode {
  /** Number of codes of each length. */
  readonly #counts = new Uint32Array(longest + 1)
  readonly #symbols: Uint16Array

  constructor(lengths: readonly number[]) {
    for (const length of lengths) this.#counts[length] = (this.#counts[length] ?? 0) + 1
    const next = new Uint32Array(longest + 2)
    for (let length = 1; length <= longest; length++)
      next[length + 1] = (next[length] ?? 0) + (this.#counts[length] ?? 0)
    this.#symbols = new Uint16Array(lengths.length)
    for (const [symbol, length] of lengths.entries()) {
      const at = next[length] ?? 0
      this.#symbols[at] = symbol
      next[length] = at + 1
    }
  }

  /** Reads one symbol. */
  read(bits: BitReader): number {
    let code = 0
    let first = 0
    let index = 0
    for (let length = 1; length <= longest; length++) {
      code |= bits.bit()
      const count = this.#counts[length] ?? 0
      if (code - first < count) return this.#symbols[index + code - first] ?? 0
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw new Malformed('a code that means nothing')
  }
}

/** Reads code lengths, each of which is stored as the difference from the one before. */
export function readLengths(bits: BitReader, count: number): number[] {
  let length = bits.bits(5)
  return Array.from({ length: count }, () => {
    while (true) {
      if (length < 1 || length > longest) throw new Malformed(`a code of ${length} bits`)
      if (bits.bit() === 0) return length
      length += bits.bit() === 0 ? 1 : -1
    }
  })
}
