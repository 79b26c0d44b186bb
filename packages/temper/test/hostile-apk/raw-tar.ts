import { tarPadding } from '../../src/formats/tar/write.ts'

/** A tar entry as somebody may write it who means harm: nothing is checked, and every field may lie. */
export interface RawEntry {
  readonly name: string
  readonly type?: string
  readonly linkName?: string
  readonly content?: Uint8Array
  /** What the header says; absent: the truth. */
  readonly size?: number
  readonly mode?: number
  readonly uid?: number
  readonly checksum?: string
  /** Written as they are, in this order. */
  readonly pax?: readonly (readonly [key: string, value: string])[]
  /** The body of an extended header as bytes, in place of `pax`. */
  readonly paxBody?: Uint8Array
  readonly paxType?: 'x' | 'g'
  readonly prefix?: string
}

/** One entry with its extended header and padding. */
export function rawEntry(entry: RawEntry): Buffer {
  const { name, type = '0', content = new Uint8Array(), paxType = 'x' } = entry
  const parts: Uint8Array[] = []
  const records = entry.paxBody ?? (entry.pax === undefined ? undefined : paxBody(entry.pax))
  if (records !== undefined) {
    const size = octal(records.length, 12)
    parts.push(header({ name: 'pax', type: paxType, size }), records, tarPadding(records.length))
  }
  const { linkName, mode, uid, checksum, prefix } = entry
  const size = entry.size === undefined ? octal(content.length, 12) : anySize(entry.size)
  parts.push(header({ name, type, size, linkName, mode, uid, checksum, prefix }), content)
  parts.push(tarPadding(content.length))
  return Buffer.concat(parts)
}

export function paxBody(records: readonly (readonly [key: string, value: string])[]): Buffer {
  const lines = records.map(([key, value]) => {
    const rest = Buffer.from(` ${key}=${value}\n`)
    let length = rest.length + 1
    while (String(length).length + rest.length !== length) length++
    return Buffer.concat([Buffer.from(String(length)), rest])
  })
  return Buffer.concat(lines)
}

interface Header {
  readonly name: string
  readonly type: string
  readonly size: Buffer
  readonly linkName?: string | undefined
  readonly mode?: number | undefined
  readonly uid?: number | undefined
  readonly checksum?: string | undefined
  readonly prefix?: string | undefined
}

function header({
  name,
  type,
  size,
  linkName = '',
  mode = 0o644,
  uid = 0,
  checksum,
  prefix,
}: Header): Buffer {
  const block = Buffer.alloc(512)
  block.write(name, 0, 100)
  octal(mode, 8).copy(block, 100)
  octal(uid, 8).copy(block, 108)
  octal(0, 8).copy(block, 116)
  size.copy(block, 124)
  octal(1_760_000_000, 12).copy(block, 136)
  block.fill(' ', 148, 156)
  block.write(type, 156, 1, 'latin1')
  block.write(linkName, 157, 100)
  block.write('ustar\u000000', 257, 'latin1')
  if (prefix !== undefined) block.write(prefix, 345, 155)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148, 8, 'latin1')
  return block
}

function octal(value: number, length: number): Buffer {
  return Buffer.from(`${value.toString(8).padStart(length - 1, '0')}\0`, 'latin1')
}

/** Octal where it fits, else GNU's base 256; negative numbers too. */
function anySize(value: number): Buffer {
  if (value >= 0 && value < 8 ** 11) return octal(value, 12)
  const bytes = Buffer.alloc(12, value < 0 ? 0xff : 0)
  bytes.writeBigInt64BE(BigInt(value), 4)
  bytes[0] = value < 0 ? 0xff : 0x80
  return bytes
}
