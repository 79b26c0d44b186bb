/** Writes DER (X.690), as much as certificates and timestamps need, and reads its frames. For tests. */

export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), content])
  const hex = length.toString(16)
  const size = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, content])
}

export const sequence = (...members: readonly Uint8Array[]): Buffer => der(0x30, ...members)
export const octets = (bytes: Uint8Array): Buffer => der(0x04, bytes)
export const bits = (bytes: Uint8Array): Buffer => der(0x03, Buffer.from([0]), bytes)
export const text = (value: string): Buffer => der(0x0c, Buffer.from(value, 'utf8'))
export const truth = (): Buffer => der(0x01, Buffer.from([0xff]))

/** Members in the order that DER asks for in a SET OF. */
export function setOf(...members: readonly Buffer[]): Buffer {
  return der(0x31, ...[...members].sort(Buffer.compare))
}

export function integer(value: number | Uint8Array): Buffer {
  const hex = typeof value === 'number' ? value.toString(16) : Buffer.from(value).toString('hex')
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return der(0x02, (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap((part) => {
    const groups = [part & 0x7f]
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | 0x80)
    return groups
  })
  return der(0x06, Buffer.from(bytes))
}

export function generalizedTime(time: Date): Buffer {
  return der(0x18, Buffer.from(`${time.toISOString().replace(/[-:T]|\.\d+Z/g, '')}Z`))
}

/** RFC 5280, 4.1.2.5: two digits of the year until 2049. */
export function utcTime(time: Date): Buffer {
  return der(
    0x17,
    Buffer.from(
      `${time
        .toISOString()
        .replace(/[-:T]|\.\d+Z/g, '')
        .slice(2)}Z`,
    ),
  )
}

export interface Frame {
  readonly tag: number
  readonly content: Buffer
  /** With tag and length. */
  readonly whole: Buffer
}

/** The frames that lie one after another in some bytes; throws for what is cut short. */
export function frames(bytes: Buffer): readonly Frame[] {
  const found: Frame[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes.readUInt8(at)
    const short = bytes.readUInt8(at + 1)
    const size = short < 128 ? 0 : short & 0x7f
    const length = size === 0 ? short : bytes.readUIntBE(at + 2, size)
    const start = at + 2 + size
    const content = bytes.subarray(start, start + length)
    if (content.length !== length) throw new RangeError('DER is cut short')
    found.push({ tag, content, whole: bytes.subarray(at, start + length) })
    at = start + length
  }
  return found
}
