import { join } from 'node:path'
import { type Digest, sha256 } from '../../../base/digest.ts'
import { ValueCache } from '../../../base/value-cache.ts'
import { type Keyring, keyringDigest } from '../../../formats/crypto/openpgp.ts'
import type { ArchiveAccess } from '../../../model/package/package-source.ts'

/** A Release text whose signature was found good. */
export interface SignedRelease {
  /** Only the signed text. */
  readonly text: string
  readonly signedBy: readonly string[]
  /** Milliseconds since 1970 until which keys and signature last; absent: without end. */
  readonly goodUntil?: number
}

/** Outcomes are kept by the signed bytes and the keyring. */
function outcomes({ cacheDir, progress }: Pick<ArchiveAccess, 'cacheDir' | 'progress'>): ValueCache {
  return new ValueCache(join(cacheDir, 'releases-2'), progress)
}

function keyOf(signed: Digest, keys: Keyring): Digest {
  return sha256(`${signed}\n${keyringDigest(keys)}`)
}

/**
 * An earlier verification result for the same bytes and keys, so that OpenPGP need not be loaded again. Undefined
 * when there is none, when it is damaged, or when a key has expired since.
 */
export async function recallRelease(
  access: Pick<ArchiveAccess, 'cacheDir' | 'progress'>,
  signed: Digest,
  options: { readonly keys: Keyring; readonly now: Date },
): Promise<SignedRelease | undefined> {
  const release = await outcomes(access).getJson<SignedRelease>(keyOf(signed, options.keys))
  const isOver = release?.goodUntil !== undefined && options.now.getTime() >= release.goodUntil
  return isOver ? undefined : release
}

export async function rememberRelease(
  access: Pick<ArchiveAccess, 'cacheDir' | 'progress'>,
  signed: Digest,
  options: { readonly keys: Keyring; readonly release: SignedRelease },
): Promise<void> {
  await outcomes(access).put(keyOf(signed, options.keys), JSON.stringify(options.release))
}
