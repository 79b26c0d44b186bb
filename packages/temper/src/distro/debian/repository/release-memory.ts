import { join } from 'node:path'
import { type Digest, hexOf, sha256 } from '../../../base/digest.ts'
import { readFileIfExists, writeFileAtomic } from '../../../base/file.ts'
import { type Keyring, keyringDigest } from '../../../formats/crypto/openpgp.ts'
import { parseObject } from '../../shared/fetching/seen.ts'

/** A Release text whose signature was found good. */
export interface SignedRelease {
  /** What was signed, nothing else. */
  readonly text: string
  readonly signedBy: readonly string[]
  /** Milliseconds since 1970 until which keys and signature last; absent: without end. */
  readonly goodUntil?: number
}

/** Where the outcome for these signed bytes and this keyring is kept. */
function memoryPath(cacheDir: string, signed: Digest, keys: Keyring): string {
  return join(cacheDir, 'releases', `${hexOf(sha256(`1\n${signed}\n${keyringDigest(keys)}`))}.json`)
}

/**
 * What was verified before for the same bytes and keys, so that OpenPGP need not be loaded again. Undefined
 * when nothing is remembered, when it is damaged, or when a key has expired since.
 */
export async function recallRelease(
  cacheDir: string,
  signed: Digest,
  options: { readonly keys: Keyring; readonly now: Date },
): Promise<SignedRelease | undefined> {
  const bytes = await readFileIfExists(memoryPath(cacheDir, signed, options.keys))
  if (!bytes) return undefined
  const { text, digest, signedBy, goodUntil } = parseObject(new TextDecoder().decode(bytes)) ?? {}
  if (typeof text !== 'string' || digest !== sha256(text) || !isTexts(signedBy)) return undefined
  if (goodUntil === undefined) return { text, signedBy }
  if (typeof goodUntil !== 'number' || options.now.getTime() >= goodUntil) return undefined
  return { text, signedBy, goodUntil }
}

export async function rememberRelease(
  cacheDir: string,
  signed: Digest,
  options: { readonly keys: Keyring; readonly release: SignedRelease },
): Promise<void> {
  const content = { digest: sha256(options.release.text), ...options.release }
  await writeFileAtomic(memoryPath(cacheDir, signed, options.keys), `${JSON.stringify(content)}\n`)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
