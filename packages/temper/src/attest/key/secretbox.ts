import { timingSafeEqual } from 'node:crypto'
import { poly1305 } from './poly1305.ts'
import { xsalsa20 } from './xsalsa20.ts'

/** Sizes in bytes (NaCl, crypto_secretbox). */
export const secretboxSizes = { key: 32, nonce: 24, tag: 16 } as const

/** Encrypts and authenticates as NaCl's crypto_secretbox (XSalsa20-Poly1305) does: tag, then ciphertext. */
export function sealSecretbox(message: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
  const stream = keyStream(nonce, key, message.length)
  const ciphertext = xor(message, stream.subarray(32))
  return Buffer.concat([poly1305(ciphertext, stream.subarray(0, 32)), ciphertext])
}

/** The message, or undefined when key, nonce or box are not those that belong together. */
export function openSecretbox(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  if (box.length < secretboxSizes.tag) return undefined
  const ciphertext = box.subarray(secretboxSizes.tag)
  const stream = keyStream(nonce, key, ciphertext.length)
  const tag = poly1305(ciphertext, stream.subarray(0, 32))
  if (!timingSafeEqual(tag, box.subarray(0, secretboxSizes.tag))) return undefined
  return xor(ciphertext, stream.subarray(32))
}

/** The first 32 bytes are the key of the authenticator, the others hide the message. */
function keyStream(nonce: Uint8Array, key: Uint8Array, length: number): Uint8Array {
  if (nonce.length !== secretboxSizes.nonce || key.length !== secretboxSizes.key)
    throw new RangeError(`secretbox with a nonce of ${nonce.length} and a key of ${key.length} bytes`)
  return xsalsa20(key, nonce, 32 + length)
}

function xor(message: Uint8Array, stream: Uint8Array): Uint8Array {
  return Uint8Array.from(message, (byte, i) => byte ^ (stream[i] ?? 0))
}
