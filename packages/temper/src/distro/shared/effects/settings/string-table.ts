import { GVariantError } from '../../../../formats/gvariant/type.ts'

/** Longest string, in words of four bytes with its marks. */
const longest = 17

/**
 * Strings and what they stand for, as GSettings looks them up: a number, then 0xff (0xfe for another name), the string,
 * zeros, and 0xff at the end of a word. The number of another name is the place of the number of what it stands for.
 */
export class SettingsTable {
  readonly #parts: Buffer[] = []
  readonly #places = new Map<string, number>()
  #words = 0

  copy(): SettingsTable {
    const table = new SettingsTable()
    table.#parts.push(...this.#parts)
    for (const [string, place] of this.#places) table.#places.set(string, place)
    table.#words = this.#words
    return table
  }

  add(string: string, value: number): void {
    this.#places.set(string, this.#words)
    this.#append(string, value, 0xff)
  }

  /** Another name for a string that is there. */
  addAlias(alias: string, target: string): void {
    const place = this.#places.get(target)
    if (place === undefined) throw new GVariantError(`no such value: ${target}`)
    this.#append(alias, place, 0xfe)
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts)
  }

  #append(string: string, value: number, mark: number): void {
    const text = Buffer.from(string)
    const words = Math.max(2, (text.length + 6) >> 2)
    if (words > longest) throw new GVariantError('a value of more than 65 bytes')
    const part = Buffer.alloc(4 + 4 * words)
    part.writeUInt32LE(value >>> 0, 0)
    part[4] = mark
    text.copy(part, 5)
    part[part.length - 1] = 0xff
    this.#parts.push(part)
    this.#words += part.length / 4
  }
}
