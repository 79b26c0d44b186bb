import { crc32 } from 'node:zlib'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * Tokens of GitHub and npm end in six digits to the base 62: the CRC-32 of what stands between the prefix (to the first
 * underscore) and them. So a token is told from text that only looks like one, without asking anybody.
 */
export function endsInChecksum(token: string): boolean {
  const body = token.slice(token.indexOf('_') + 1)
  return toBase62(crc32(body.slice(0, -6))) === body.slice(-6)
}

function toBase62(number: number): string {
  let text = ''
  for (let rest = number; rest > 0; rest = Math.floor(rest / 62)) text = digits.charAt(rest % 62) + text
  return text.padStart(6, '0')
}
