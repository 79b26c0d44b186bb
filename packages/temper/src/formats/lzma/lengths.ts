import { probabilities, type RangeDecoder } from './range-decoder.ts'

/** Decodes lengths of matches: 2 to 9 and 10 to 17 depending on the position, 18 to 273 independently of it. */
export class LengthDecoder {
  readonly #choice = probabilities(2)
  readonly #low = probabilities(16 << 3)
  readonly #middle = probabilities(16 << 3)
  readonly #high = probabilities(1 << 8)

  read(range: RangeDecoder, position: number): number {
    if (range.bit(this.#choice, 0) === 0) return 2 + range.tree(this.#low, 3, position << 3)
    if (range.bit(this.#choice, 1) === 0) return 10 + range.tree(this.#middle, 3, position << 3)
    return 18 + range.tree(this.#high, 8)
  }
}
