import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js'

/** Sizes in bytes (NaCl, crypto_secretbox). */
export const secretboxSizes = { key: 32, nonce: 24, tag: 16 } as const

/** Encrypts and authenticates as NaCl's crypto_secretbox (XSalsa20-Poly1305) does: tag, then ciphertext. */
export function sealSecretbox(message: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
  return cipherOf(nonce, key).encrypt(message)
}

/** The message, or undefined when key, nonce and box do not belong together. */
export function openSecretbox(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  const cipher = cipherOf(nonce, key)
  if (box.length < secretboxSizes.tag) return undefined
  try {
    return cipher.decrypt(box)
  } catch {
    // All sizes are right: it is the tag that is wrong.
    return undefined
  }
}

function cipherOf(nonce: Uint8Array, key: Uint8Array) {
  if (nonce.length !== secretboxSizes.nonce || key.length !== secretboxSizes.key)
    throw new RangeError(`secretbox with a nonce of ${nonce.length} and a key of ${key.length} bytes`)
  return xsalsa20poly1305(key, nonce)
}
