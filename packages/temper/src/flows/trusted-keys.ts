import { resolve } from 'node:path'
import { externalSigner } from '../attest/external.ts'
import { loadSigner, loadVerificationKeys } from '../attest/keys.ts'
import { TemperError } from '../base/error.ts'
import { readFileIfExists } from '../base/file.ts'
import type { Signer, VerificationKey } from '../model/attestation.ts'
import type { Context } from './context.ts'

/** Where a signer comes from. */
export interface SigningKey {
  /** Path of a private key, or "command:" and a command line that signs. */
  readonly key: string
  /** Asks for the password of an encrypted key; called only when one is needed. */
  readonly password: () => Promise<string>
}

export async function openSigner({ key, password }: SigningKey, context: Context): Promise<Signer> {
  if (key.startsWith('command:')) {
    const { signal, workingDir } = context
    return await externalSigner(key.slice('command:'.length), { signal, workingDir })
  }
  return await loadSigner({ bytes: await readKey(key, context), where: key }, { password })
}

/** The public keys in some files, each once. */
export async function readTrustedKeys(
  files: readonly string[],
  context: Context,
): Promise<readonly VerificationKey[]> {
  const keys = new Map<string, VerificationKey>()
  for (const file of files) {
    const bytes = await readKey(file, context)
    for (const key of loadVerificationKeys({ bytes, where: file })) keys.set(key.id, key)
  }
  return [...keys.values()]
}

async function readKey(file: string, context: Context): Promise<Uint8Array> {
  const bytes = await readFileIfExists(resolve(context.workingDir, file))
  if (bytes !== undefined) return bytes
  throw new TemperError('not-found', `There is no key file ${file}`, {
    hint: 'Make a pair of keys: temper keys generate',
  })
}
