import type { TextValue } from './text.ts'
import { GVariantError, layoutOf, memberTypes, padded } from './type.ts'

/** The bytes of a value of a type, little-endian ("GVariant specification", section 2). Errors: GVariantError. */
export function serialise(value: TextValue, type: string): Uint8Array {
  if (value.kind === 'typed') {
    if (value.type !== type) throw new GVariantError(`a value of ${value.type}, expected ${type}`)
    return serialise(value.value, type)
  }
  switch (type[0]) {
    case 'a':
      return serialiseArray(value, type.slice(1))
    case 'm':
      return serialiseMaybe(value, type.slice(1))
    case '(':
    case '{':
      return serialiseTuple(membersOf(value), type)
    case 'v':
      if (value.kind !== 'variant') throw mismatch(value, type)
      return variantOf(value.value)
    case 's':
    case 'o':
    case 'g':
      if (value.kind !== 'string') throw mismatch(value, type)
      return Buffer.from(`${value.text}\0`)
    case 'b':
      if (value.kind !== 'boolean') throw mismatch(value, type)
      return Uint8Array.of(value.value ? 1 : 0)
    default:
      return serialiseNumber(value, type)
  }
}

/** The bytes of a variant that holds a value with its type. */
export function serialiseVariant(bytes: Uint8Array, type: string): Uint8Array {
  return Buffer.concat([bytes, Uint8Array.of(0), Buffer.from(type)])
}

/** The bytes of a tuple whose members have these types. */
export function serialiseMembers(members: readonly Uint8Array[], type: string): Uint8Array {
  const types = memberTypes(type)
  const layout = layoutOf(type)
  if (types.length !== members.length) throw new GVariantError(`${members.length} members for ${type}`)
  const parts = new Parts()
  const ends: number[] = []
  members.forEach((member, i) => {
    const { alignment, size } = layoutOf(types[i] ?? '')
    parts.add(member, alignment)
    if (size === undefined && i < members.length - 1) ends.unshift(parts.length)
  })
  if (layout.size !== undefined) return parts.bytes(layout.size)
  return withOffsets(parts.bytes(), ends)
}

function variantOf(value: TextValue): Uint8Array {
  const type = inferType(value)
  return serialiseVariant(serialise(value, type), type)
}

function membersOf(value: TextValue): readonly TextValue[] {
  if (value.kind === 'tuple') return value.items
  if (value.kind === 'entry') return value.entry
  throw mismatch(value, 'a tuple')
}

function serialiseTuple(members: readonly TextValue[], type: string): Uint8Array {
  const types = memberTypes(type)
  return serialiseMembers(
    members.map((member, i) => serialise(member, types[i] ?? '')),
    type,
  )
}

function serialiseArray(value: TextValue, element: string): Uint8Array {
  if (value.kind === 'bytes' && element === 'y') return Buffer.from(`${value.text}\0`, 'latin1')
  const { alignment, size } = layoutOf(element)
  const parts = new Parts()
  const ends: number[] = []
  for (const item of itemsOf(value, element)) {
    parts.add(item, alignment)
    ends.push(parts.length)
  }
  return size === undefined ? withOffsets(parts.bytes(), ends) : parts.bytes()
}

function itemsOf(value: TextValue, element: string): readonly Uint8Array[] {
  if (value.kind === 'array') return value.items.map((item) => serialise(item, element))
  if (value.kind === 'dictionary' && element.startsWith('{'))
    return value.entries.map((entry) => serialiseTuple(entry, element))
  throw mismatch(value, `a${element}`)
}

/** A value stands for itself; "just" is only needed where that could be misunderstood. */
function serialiseMaybe(value: TextValue, element: string): Uint8Array {
  if (value.kind === 'maybe' && value.value === undefined) return new Uint8Array()
  const bytes = serialise(value.kind === 'maybe' ? (value.value ?? value) : value, element)
  return layoutOf(element).size === undefined ? Buffer.concat([bytes, Uint8Array.of(0)]) : bytes
}

const numbers: Readonly<Record<string, { readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean }>> = {
  y: { bits: 8, signed: false },
  n: { bits: 16, signed: true },
  q: { bits: 16, signed: false },
  i: { bits: 32, signed: true },
  u: { bits: 32, signed: false },
  h: { bits: 32, signed: true },
  x: { bits: 64, signed: true },
  t: { bits: 64, signed: false },
}

function serialiseNumber(value: TextValue, type: string): Uint8Array {
  if (value.kind !== 'number') throw mismatch(value, type)
  if (type === 'd') {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleLE(toDouble(value.text))
    return bytes
  }
  const form = Object.hasOwn(numbers, type) ? numbers[type] : undefined
  if (form === undefined) throw mismatch(value, type)
  const number = toInteger(value.text)
  const [least, most] = form.signed
    ? [-(2n ** BigInt(form.bits - 1)), 2n ** BigInt(form.bits - 1) - 1n]
    : [0n, 2n ** BigInt(form.bits) - 1n]
  if (number < least || number > most) throw new GVariantError(`${value.text} is out of range`)
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, number))
  return bytes.subarray(0, form.bits / 8)
}

function toDouble(text: string): number {
  const special: Readonly<Record<string, number>> = { inf: Number.POSITIVE_INFINITY, nan: Number.NaN }
  const plain = text.replace(/^[-+]/, '')
  const number = Object.hasOwn(special, plain) ? (special[plain] ?? 0) : Number(plain)
  if (Number.isNaN(number) && plain !== 'nan') throw new GVariantError(`no number: ${text}`)
  return text.startsWith('-') ? -number : number
}

/** Decimal, hexadecimal or, with a leading zero, octal. */
function toInteger(text: string): bigint {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(text) ?? []
  const octal = /^0[0-7]+$/.test(digits)
  if (!octal && !/^(?:0x[0-9a-fA-F]+|0|[1-9]\d*)$/.test(digits))
    throw new GVariantError(`no integer: ${text}`)
  const number = BigInt(octal ? `0o${digits.slice(1)}` : digits)
  return sign === '-' ? -number : number
}

/** The type of what stands in a variant, which nothing but itself decides. */
function inferType(value: TextValue): string {
  switch (value.kind) {
    case 'typed':
      return value.type
    case 'string':
      return 's'
    case 'bytes':
      return 'ay'
    case 'boolean':
      return 'b'
    case 'number':
      return /^[-+]?(?:0x[0-9a-fA-F]+|\d+)$/.test(value.text) ? 'i' : 'd'
    case 'variant':
      return 'v'
    case 'tuple':
      return `(${value.items.map(inferType).join('')})`
    case 'entry':
      return `{${value.entry.map(inferType).join('')}}`
    case 'array':
      return `a${sharedType(value.items)}`
    case 'dictionary':
      return `a{${sharedType(value.entries.map(([key]) => key))}${sharedType(value.entries.map(([, item]) => item))}}`
    case 'maybe':
      if (value.value === undefined) throw new GVariantError('nothing of no known type')
      return `m${inferType(value.value)}`
  }
}

function sharedType(values: readonly TextValue[]): string {
  const types = new Set(values.map(inferType))
  const [only] = types
  if (only === undefined || types.size > 1) throw new GVariantError('elements of no known type')
  return only
}

function mismatch(value: TextValue, type: string): GVariantError {
  return new GVariantError(`${value.kind} where ${type} is expected`)
}

/** Values with the padding between them. */
class Parts {
  readonly #parts: Uint8Array[] = []
  length = 0

  add(bytes: Uint8Array, alignment: number): void {
    this.#pad(padded(this.length, alignment))
    this.#parts.push(bytes)
    this.length += bytes.length
  }

  bytes(size = this.length): Uint8Array {
    this.#pad(size)
    return Buffer.concat(this.#parts)
  }

  #pad(length: number): void {
    if (length > this.length) this.#parts.push(new Uint8Array(length - this.length))
    this.length = Math.max(length, this.length)
  }
}

/** Where members end, in as few bytes each as can say it for the whole. */
function withOffsets(body: Uint8Array, ends: readonly number[]): Uint8Array {
  if (ends.length === 0) return body
  const width = ([1, 2, 4] as const).find((bytes) => body.length + ends.length * bytes < 256 ** bytes) ?? 4
  const offsets = Buffer.alloc(ends.length * width)
  ends.forEach((end, i) => void offsets.writeUIntLE(end, i * width, width))
  return Buffer.concat([body, offsets])
}
