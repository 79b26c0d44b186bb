/** A value in BER (ITU-T X.690): its tag and its content. */
export interface BerValue {
  /** The identifier octet: class, whether it holds other values (0x20), number. */
  readonly tag: number
  /** Offsets of the start and end of its content. */
  readonly from: number
  readonly to: number
  /** Offset of what follows the value. */
  readonly next: number
}

/** Values inside values that are followed. */
const depthLimit = 24
/** Values of one text that are looked at. */
const countLimit = 200_000

/** Tags of X.680 as X.690 writes them. */
export const berTags = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30, context0: 0xa0 } as const

/**
 * Reads BER, of definite and indefinite length. Every method throws RangeError for data that is malformed, nested too
 * deeply, or not what was asked for.
 */
export class BerReader {
  readonly #bytes: Buffer
  #count = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /** The value at an offset; it ends before `end`. */
  read(at = 0, end = this.#bytes.length, depth = 0): BerValue {
    if (depth > depthLimit || ++this.#count > countLimit) throw new RangeError('too many values')
    const tag = this.#octet(at, end)
    // Tags above 30 take more octets: nothing that is read here has one.
    if ((tag & 0x1f) === 0x1f) throw new RangeError('a tag of several octets')
    const first = this.#octet(at + 1, end)
    if (first === 0x80) return this.#indefinite(tag, { at: at + 2, end, depth })
    const octets = first < 0x80 ? 0 : first & 0x7f
    if (octets > 4 || at + 2 + octets > end) throw new RangeError('a length of more than four octets')
    const length = octets === 0 ? first : this.#bytes.readUIntBE(at + 2, octets)
    const from = at + 2 + octets
    if (length > end - from) throw new RangeError('a value ends after the one that holds it')
    return { tag, from, to: from + length, next: from + length }
  }

  #indefinite(
    tag: number,
    { at, end, depth }: { readonly at: number; readonly end: number; readonly depth: number },
  ): BerValue {
    if ((tag & 0x20) === 0) throw new RangeError('no length')
    for (let to = at; ; ) {
      if (this.#octet(to, end) === 0 && this.#octet(to + 1, end) === 0)
        return { tag, from: at, to, next: to + 2 }
      to = this.read(to, end, depth + 1).next
    }
  }

  #octet(at: number, end: number): number {
    const octet = at < end ? this.#bytes[at] : undefined
    if (octet === undefined) throw new RangeError('it ends in the middle')
    return octet
  }

  /** The values inside a value. */
  children({ from, to }: BerValue): readonly BerValue[] {
    const values: BerValue[] = []
    for (let at = from; at < to; ) {
      const value = this.read(at, to)
      values.push(value)
      at = value.next
    }
    return values
  }

  /** The values inside a value that has to have this tag. */
  within(value: BerValue | undefined, tag: number = berTags.sequence): readonly BerValue[] {
    if (value?.tag !== tag) throw new RangeError(`no value of tag ${tag}`)
    return this.children(value)
  }

  /** "1.2.840.113549.1.7.1". */
  oid(value: BerValue | undefined): string {
    if (value?.tag !== berTags.oid || value.to - value.from > 64) throw new RangeError('no identifier')
    const parts: number[] = []
    let part = 0
    for (const octet of this.#bytes.subarray(value.from, value.to)) {
      part = part * 128 + (octet & 0x7f)
      if (octet >= 0x80) continue
      if (parts.length === 0) {
        const top = Math.min(2, Math.floor(part / 40))
        parts.push(top, part - top * 40)
      } else parts.push(part)
      part = 0
    }
    return parts.join('.')
  }

  /** A number that is not negative and safe. */
  integer(value: BerValue | undefined): number {
    if (value?.tag !== berTags.integer) throw new RangeError('no number')
    const bytes = this.#bytes.subarray(value.from, value.to)
    if (bytes.length < 1 || bytes.length > 6 || (bytes[0] ?? 0) >= 0x80)
      throw new RangeError('a number out of range')
    return bytes.readUIntBE(0, bytes.length)
  }

  /** An octet string, joined where it comes in parts; `tag` is given where it has a context-specific tag. */
  octets(value: BerValue | undefined, tag: number = berTags.octets): Buffer {
    if (value === undefined || (value.tag & ~0x20) !== (tag & ~0x20)) throw new RangeError('no octets')
    if ((value.tag & 0x20) === 0) return this.#bytes.subarray(value.from, value.to)
    return Buffer.concat(this.children(value).map((part) => this.octets(part)))
  }
}
