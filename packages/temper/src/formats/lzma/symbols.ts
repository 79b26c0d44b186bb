import type { InputWindow } from '../bytes/input-window.ts'
import type { Dictionary } from './dictionary.ts'
import { LengthDecoder } from './lengths.ts'
import { probabilities, RangeDecoder } from './range-decoder.ts'

export interface LzmaProperties {
  /** Number of bits of the previous byte that select how a literal is coded. */
  readonly literalContext: number
  readonly literalPosition: number
  readonly position: number
}

/** The result of reading one symbol. */
export type SymbolResult = 'more' | 'end' | 'damaged'

const states = 12
const positions = 16
/** The distance that stands for the end. */
const endMarker = 0xffffffff

/** Reads symbols of LZMA (literals, matches, repeated matches) into a dictionary. */
export class SymbolReader {
  readonly #range: RangeDecoder
  readonly #out: Dictionary
  readonly #properties: LzmaProperties
  readonly #literals: Uint16Array
  readonly #isMatch = probabilities(states * positions)
  readonly #isRepeat = probabilities(states)
  readonly #isRepeat0 = probabilities(states)
  readonly #isRepeat1 = probabilities(states)
  readonly #isRepeat2 = probabilities(states)
  readonly #isLong = probabilities(states * positions)
  readonly #slots = probabilities(4 << 6)
  readonly #distances = probabilities(1 + 128)
  readonly #align = probabilities(1 << 4)
  readonly #lengths = new LengthDecoder()
  readonly #repeatLengths = new LengthDecoder()
  #state = 0
  /** Distances of the last four matches, minus one. */
  #recent: [number, number, number, number] = [0, 0, 0, 0]
  /** Bytes of the current match that still have to be copied. */
  #left = 0

  constructor(input: InputWindow, out: Dictionary, properties: LzmaProperties) {
    this.#range = new RangeDecoder(input)
    this.#out = out
    this.#properties = properties
    this.#literals = probabilities(0x300 << (properties.literalContext + properties.literalPosition))
  }

  get finished(): boolean {
    return this.#range.finished && this.#left === 0
  }

  /** Reads one symbol and outputs at most `room` bytes; the rest of a match comes with the next call. */
  read(room: number): SymbolResult {
    if (this.#left === 0) {
      const result = this.#readSymbol()
      if (result !== 'more') return result
    }
    for (; this.#left > 0 && room > 0; this.#left--, room--)
      this.#out.put(this.#out.back(this.#recent[0] + 1))
    return this.#range.corrupted ? 'damaged' : 'more'
  }

  #readSymbol(): SymbolResult {
    const range = this.#range
    const position = this.#out.total & ((1 << this.#properties.position) - 1)
    const state = this.#state
    if (range.bit(this.#isMatch, state * positions + position) === 0) {
      this.#literal()
      return 'more'
    }
    if (range.bit(this.#isRepeat, state) === 0) {
      const [a, b, c] = this.#recent
      this.#left = this.#lengths.read(range, position)
      this.#state = state < 7 ? 7 : 10
      const distance = this.#distance()
      if (distance === endMarker) {
        this.#left = 0
        return 'end'
      }
      this.#recent = [distance, a, b, c]
    } else this.#repeat(position)
    return this.#out.reaches(this.#recent[0] + 1) ? 'more' : 'damaged'
  }

  #literal(): void {
    const { literalContext, literalPosition } = this.#properties
    const before = this.#out.reaches(1) ? this.#out.back(1) : 0
    const place = this.#out.total & ((1 << literalPosition) - 1)
    const offset = 0x300 * ((place << literalContext) + (before >> (8 - literalContext)))
    let symbol = 1
    if (this.#state >= 7) {
      let match = this.#out.back(this.#recent[0] + 1)
      while (symbol < 0x100) {
        const expected = (match >> 7) & 1
        match <<= 1
        const bit = this.#range.bit(this.#literals, offset + ((1 + expected) << 8) + symbol)
        symbol = (symbol << 1) | bit
        if (bit !== expected) break
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#range.bit(this.#literals, offset + symbol)
    this.#out.put(symbol & 0xff)
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6
  }

  /** A match at one of the last distances, or a single byte at the last one. */
  #repeat(position: number): void {
    const range = this.#range
    const state = this.#state
    const [a, b, c, d] = this.#recent
    if (range.bit(this.#isRepeat0, state) === 0) {
      if (range.bit(this.#isLong, state * positions + position) === 0) {
        this.#state = state < 7 ? 9 : 11
        this.#left = 1
        return
      }
    } else if (range.bit(this.#isRepeat1, state) === 0) this.#recent = [b, a, c, d]
    else if (range.bit(this.#isRepeat2, state) === 0) this.#recent = [c, a, b, d]
    else this.#recent = [d, a, b, c]
    this.#left = this.#repeatLengths.read(range, position)
    this.#state = state < 7 ? 8 : 11
  }

  #distance(): number {
    const range = this.#range
    const slot = range.tree(this.#slots, 6, Math.min(this.#left - 2, 3) << 6)
    if (slot < 4) return slot
    const bits = (slot >> 1) - 1
    const base = ((2 | (slot & 1)) << bits) >>> 0
    if (slot < 14) return base + range.reverseTree(this.#distances, bits, base - slot)
    const high = range.direct(bits - 4) * 16
    return base + high + range.reverseTree(this.#align, 4)
  }
}
