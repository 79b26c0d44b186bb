import type { Context } from '../context.ts'
import { openSigner, type SigningKey } from './trusted-keys.ts'

/** The public half of a key that signs. */
export interface PublicKey {
  /** As evidence names the signer. */
  readonly id: string
  readonly pem: string
}

/**
 * Opens a key as signing does, and returns its public half: of a file, or of a command that asks a key service. Throws the errors of opening
 * it.
 */
export async function publicKeyOf(from: SigningKey, context: Context): Promise<PublicKey> {
  const { key } = await openSigner(from, context)
  return { id: key.id, pem: key.pem }
}
