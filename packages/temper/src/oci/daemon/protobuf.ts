import { TemperError } from '../../base/error.ts'

/**
 * The part of Protocol Buffers' wire format (protobuf.dev, "Encoding") that containerd's API needs: varints and
 * length-delimited fields.
 */
export type ProtobufField = string | number | Uint8Array

/** A message of numbered fields; numbers are non-negative integers. Fields that are 0 or empty are left out. */
export function encodeMessage(fields: Readonly<Record<number, ProtobufField>>): Uint8Array {
  const parts = Object.entries(fields).flatMap(([number, value]) => {
    const tag = Number(number) << 3
    if (typeof value === 'number') return value === 0 ? [] : [varint(tag), varint(value)]
    const bytes = typeof value === 'string' ? Buffer.from(value) : value
    return bytes.length === 0 ? [] : [varint(tag | 2), varint(bytes.length), bytes]
  })
  return Buffer.concat(parts)
}

/** The fields of a message by number; of a repeated field, the last value. Throws `bad-image` for damage. */
export function decodeMessage(bytes: Uint8Array): ReadonlyMap<number, number | Uint8Array> {
  const reader = new Reader(bytes)
  const fields = new Map<number, number | Uint8Array>()
  while (!reader.done) {
    const tag = reader.varint()
    const [number, type] = [Math.floor(tag / 8), tag % 8]
    if (type === 0) fields.set(number, reader.varint())
    else if (type === 2) fields.set(number, reader.take(reader.varint()))
    else if (type === 1) reader.take(8)
    else if (type === 5) reader.take(4)
    else throw damaged()
  }
  return fields
}

export function messageField(message: ReadonlyMap<number, number | Uint8Array>, number: number) {
  const value = message.get(number)
  return decodeMessage(value instanceof Uint8Array ? value : new Uint8Array())
}

export function textField(message: ReadonlyMap<number, number | Uint8Array>, number: number): string {
  const value = message.get(number)
  return value instanceof Uint8Array ? Buffer.from(value).toString() : ''
}

export function numberField(message: ReadonlyMap<number, number | Uint8Array>, number: number): number {
  const value = message.get(number)
  return typeof value === 'number' ? value : 0
}

export function bytesField(message: ReadonlyMap<number, number | Uint8Array>, number: number): Uint8Array {
  const value = message.get(number)
  return value instanceof Uint8Array ? value : new Uint8Array()
}

class Reader {
  readonly #bytes: Uint8Array
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get done(): boolean {
    return this.#position >= this.#bytes.length
  }

  /** Ten bytes at most. Numbers beyond 2^53 lose precision, but no value that is read here is that large. */
  varint(): number {
    let value = 0
    for (let i = 0; i < 10; i++) {
      const byte = this.#bytes[this.#position++]
      if (byte === undefined) throw damaged()
      value += (byte & 0x7f) * 2 ** (7 * i)
      if (byte < 0x80) return value
    }
    throw damaged()
  }

  take(length: number): Uint8Array {
    const end = this.#position + length
    if (end > this.#bytes.length) throw damaged()
    const taken = this.#bytes.subarray(this.#position, end)
    this.#position = end
    return taken
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return Uint8Array.from([...bytes, rest])
}

function damaged(): TemperError {
  return new TemperError('bad-image', 'containerd answered with a damaged message')
}
