import { resolve } from 'node:path'
import { loadSigner, loadVerificationKeys } from '../../attest/key/keys.ts'
import { trustedIdentity } from '../../attest/trust/identity.ts'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists } from '../../base/file.ts'
import type { Signer, Trust, VerificationKey } from '../../model/attestation.ts'
import type { Context } from '../context.ts'
import type { KeylessOptions } from './keyless.ts'

/** The kinds of signing keys. */
export type KeySource =
  /** A private key. */
  | { readonly kind: 'file'; readonly path: string }
  /** A program that signs, with its arguments. */
  | { readonly kind: 'command'; readonly line: string }
  /** An ephemeral key, certified for an identity. */
  | { readonly kind: 'keyless' }

/** Where a signer comes from. */
export interface SigningKey {
  readonly key: KeySource
  /** Asks for the password of an encrypted key; called only when one is needed. */
  readonly password: () => Promise<string>
  /** For signing without a key, and for timestamps. */
  readonly keyless?: KeylessOptions
  /** Have a timestamp authority witness each signature of a key. */
  readonly timestamp?: boolean
}

export async function openSigner(from: SigningKey, context: Context): Promise<Signer> {
  const { key, password, keyless } = from
  if (key.kind === 'keyless') {
    if (keyless === undefined) throw new TemperError('internal', 'keyless signing without a source of tokens')
    const { openKeylessSigner } = await import('./keyless.ts')
    return await openKeylessSigner(keyless, context)
  }
  const signer =
    key.kind === 'command'
      ? await openExternal(key.line, context)
      : await loadSigner({ bytes: await readKey(key.path, context), where: key.path }, { password })
  if (from.timestamp !== true) return signer
  const { withTimestamps } = await import('./keyless.ts')
  return withTimestamps(signer, keyless?.addresses, context)
}

async function openExternal(commandLine: string, { signal, workingDir }: Context): Promise<Signer> {
  const { externalSigner } = await import('../../attest/key/external.ts')
  return await externalSigner(commandLine, { signal, workingDir })
}

/** Who signs, as evidence names them: the id of a key, or an identity with its issuer. */
export function signerName({ key, certificate }: Signer): string {
  return certificate === undefined ? key.id : `${certificate.identity} (${certificate.issuer})`
}

/**
 * Trust in the signer alone, so that its earlier signatures are found. An identity is recognised only with a
 * configured trusted root; without one it signs again, which does no harm.
 */
export async function trustInSigner({ key, certificate }: Signer, context: Context): Promise<Trust> {
  const root = context.sigstore?.trustedRoot
  if (certificate === undefined || root === undefined) return { keys: [key], identities: [] }
  const { openTrustedServices } = await import('./trusted-services.ts')
  const { identity, issuer } = certificate
  const identities = [trustedIdentity({ identity, issuer })]
  return { keys: [key], identities, services: await openTrustedServices(root, context) }
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
    next: { action: 'generate-keys' },
  })
}
