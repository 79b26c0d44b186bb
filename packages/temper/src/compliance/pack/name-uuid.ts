import { createHash } from 'node:crypto'

/** Namespace of names that are addresses (RFC 9562, section 6.6). */
const urlNamespace = '6ba7b8119dad11d180b400c04fd430c8'

/** A UUID of version 5 (RFC 9562, section 5.5): the same for the same name. */
export function nameUuid(name: string): string {
  const hash = createHash('sha1').update(Buffer.from(urlNamespace, 'hex')).update(name).digest()
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  const hex = hash.toString('hex').slice(0, 32)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
