import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

let drawn = 0

export const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Looks random and is made here, so that no scanner of this repository takes the tests for a leak. */
export function letters(count: number, alphabet = base62): string {
  let text = ''
  while (text.length < count) {
    const bytes = createHash('sha256').update(String(drawn++)).digest()
    for (const byte of bytes) text += alphabet.charAt(byte % alphabet.length)
  }
  return text.slice(0, count)
}

/** A token as GitHub and npm make them. */
export function checked(prefix: string): string {
  const body = letters(30)
  let checksum = ''
  for (let rest = crc32(body); rest > 0; rest = Math.floor(rest / 62))
    checksum = base62.charAt(rest % 62) + checksum
  return `${prefix}_${body}${checksum.padStart(6, '0')}`
}
