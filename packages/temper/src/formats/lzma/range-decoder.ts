import type { InputWindow } from '../bytes/input-window.ts'

const probabilityBits = 11
const startProbability = 1 << (probabilityBits - 1)
const adaptation = 5

/** Adaptive probabilities, each at one half. */
export function probabilities(count: number): Uint16Array {
  return new Uint16Array(count).fill(startProbability)
}

/** The range decoder of LZMA: bits with adaptive probabilities, and bits with equal probabilities. */
export class RangeDecoder {
  readonly #input: InputWindow
  #range = 0xffffffff
  #code = 0
  /** Set when the code was beyond the range, which happens only in damaged data. */
  corrupted = false

  constructor(input: InputWindow) {
    this.#input = input
    this.corrupted = input.next() !== 0
    for (let i = 0; i < 4; i++) this.#code = ((this.#code << 8) | input.next()) >>> 0
  }

  /** Whether the data may end here. */
  get finished(): boolean {
    return this.#code === 0
  }

  bit(table: Uint16Array, index: number): number {
    const probability = table[index] ?? startProbability
    const bound = (this.#range >>> probabilityBits) * probability
    if (this.#code < bound) {
      this.#range = bound
      table[index] = probability + (((1 << probabilityBits) - probability) >> adaptation)
      this.#normalise()
      return 0
    }
    this.#range -= bound
    this.#code -= bound
    table[index] = probability - (probability >> adaptation)
    this.#normalise()
    return 1
  }

  /** `count` bits with equal probabilities, the highest first. */
  direct(count: number): number {
    let result = 0
    for (let i = 0; i < count; i++) {
      this.#range >>>= 1
      const bit = this.#code >= this.#range ? 1 : 0
      if (bit === 1) this.#code -= this.#range
      if (this.#code >= this.#range) this.corrupted = true
      this.#normalise()
      result = ((result << 1) | bit) >>> 0
    }
    return result
  }

  /** A number of `bits` bits by a tree of probabilities from `offset` on, the highest bit first. */
  tree(table: Uint16Array, bits: number, offset = 0): number {
    let at = 1
    for (let i = 0; i < bits; i++) at = (at << 1) | this.bit(table, offset + at)
    return at - (1 << bits)
  }

  /** The same, the lowest bit first. */
  reverseTree(table: Uint16Array, bits: number, offset = 0): number {
    let at = 1
    let result = 0
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(table, offset + at)
      at = (at << 1) | bit
      result |= bit << i
    }
    return result
  }

  #normalise(): void {
    if (this.#range >= 0x1000000) return
    this.#range = (this.#range << 8) >>> 0
    this.#code = ((this.#code << 8) | this.#input.next()) >>> 0
  }
}
