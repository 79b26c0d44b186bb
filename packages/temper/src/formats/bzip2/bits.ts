import type { InputWindow } from '../bytes/input-window.ts'

/** Reads bits, the highest of a byte first. */
export class BitReader {
  readonly #input: InputWindow
  #value = 0
  #count = 0

  constructor(input: InputWindow) {
    this.#input = input
  }

  /** `count` bits (at most 24) as a number. */
  bits(count: number): number {
    while (this.#count < count) {
      this.#value = ((this.#value << 8) | this.#input.next()) >>> 0
      this.#count += 8
    }
    this.#count -= count
    const result = this.#value >>> this.#count
    this.#value &= (1 << this.#count) - 1
    return result
  }

  bit(): number {
    return this.bits(1)
  }

  /** 48 bits as twelve hexadecimal digits: the marks with which blocks begin and streams end. */
  magic(): string {
    return [this.bits(24), this.bits(24)].map((part) => part.toString(16).padStart(6, '0')).join('')
  }

  /** 32 bits, unsigned. */
  word(): number {
    return ((this.bits(16) << 16) | this.bits(16)) >>> 0
  }

  /** Skips the rest of the current byte. */
  align(): void {
    this.bits(this.#count % 8)
  }
}
