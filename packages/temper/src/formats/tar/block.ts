/**
 * Fields of a 512-byte tar header: POSIX.1-1988 ustar, and the GNU variants of it (GNU tar manual,
 * "Basic Tar Format"). Offsets and lengths in bytes.
 */
export const blockSize = 512

export const fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  typeFlag: [156, 1],
  linkName: [157, 100],
  magic: [257, 8],
  userName: [265, 32],
  groupName: [297, 32],
  deviceMajor: [329, 8],
  deviceMinor: [337, 8],
  prefix: [345, 155],
  /** Old GNU sparse files only, in place of the prefix: four pairs of offset and length, 12 bytes each. */
  sparseMap: [386, 96],
  sparseExtended: [482, 1],
  sparseRealSize: [483, 12],
} as const satisfies Record<string, readonly [offset: number, length: number]>

export type TarField = readonly [offset: number, length: number]

/** Number of bytes that fill the last block after `size` bytes of content. */
export function paddingOf(size: number): number {
  const used = size % blockSize
  return used === 0 ? 0 : blockSize - used
}

/** The possible checksums of a header, with the checksum field read as spaces; some old writers summed signed bytes. */
export function checksums(block: Uint8Array): { readonly unsigned: number; readonly signed: number } {
  const [start, length] = fields.checksum
  let unsigned = 32 * length
  let high = 0
  for (let i = 0; i < blockSize; i++) {
    if (i === start) i += length
    const byte = block[i] as number
    unsigned += byte
    high += byte >> 7
  }
  return { unsigned, signed: unsigned - 256 * high }
}

export function isZeroBlock(block: Uint8Array): boolean {
  for (let i = 0; i < block.length; i++) if (block[i] !== 0) return false
  return true
}

/**
 * A number field: octal digits with spaces or NULs around, or GNU base-256 (first bit set, two's
 * complement). Undefined when it is neither, or not exact as a JavaScript number.
 */
export function parseNumber(block: Uint8Array, [offset, length]: TarField): number | undefined {
  const first = block[offset] as number
  if (first & 0x80) return parseBase256(block.subarray(offset, offset + length))
  let at = offset
  let end = offset + length
  while (at < end && (block[at] === 0x20 || block[at] === 0)) at++
  while (end > at && (block[end - 1] === 0x20 || block[end - 1] === 0)) end--
  let value = 0
  for (; at < end; at++) {
    const digit = (block[at] as number) - 0x30
    if (digit < 0 || digit > 7) return undefined
    value = value * 8 + digit
  }
  return value
}

function parseBase256(bytes: Uint8Array): number | undefined {
  const negative = ((bytes[0] as number) & 0x40) !== 0
  let value = 0n
  for (let i = 0; i < bytes.length; i++) {
    const byte = i === 0 ? (bytes[0] as number) & 0x7f : (bytes[i] as number)
    value = value * 256n + BigInt(byte)
  }
  if (negative) value -= 1n << BigInt(bytes.length * 8 - 1)
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : undefined
}

/** The bytes of a text field up to its first NUL. */
export function textField(block: Uint8Array, [offset, length]: TarField): Uint8Array {
  const end = block.indexOf(0, offset)
  return block.subarray(offset, end === -1 || end > offset + length ? offset + length : end)
}
