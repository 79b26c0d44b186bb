import type { Key, Signature } from 'openpgp'
import { tryUtf8 } from '../../base/bytes.ts'
import { type Digest, sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'

type OpenPgp = typeof import('openpgp')

/** Keys that are trusted for something: the files as they are, armored or binary, which are read only when needed. */
export interface Keyring {
  readonly files: readonly KeyFile[]
  /** When given, only keys with these fingerprints (upper-case hex, of the primary key) are trusted. */
  readonly fingerprints?: readonly string[]
}

export interface KeyFile {
  /** For error messages. */
  readonly name: string
  readonly bytes: Uint8Array
}

export interface VerifyOptions {
  readonly keys: Keyring
  /** The time at which keys and signatures must be valid. */
  readonly now: Date
  /** What was signed, for errors. */
  readonly what: string
}

export interface Verified {
  /** Fingerprints of the primary keys whose signatures are good, sorted. */
  readonly signedBy: readonly string[]
  /** Until when (milliseconds since 1970) one of these keys and its signature are valid; absent: without end. */
  readonly goodUntil?: number
}

/** Identifies what a keyring trusts, without reading the keys. */
export function keyringDigest(keys: Keyring): Digest {
  const files = keys.files.map((file) => sha256(file.bytes)).sort()
  return sha256(JSON.stringify([files, keys.fingerprints ? [...keys.fingerprints].sort() : null]))
}

const header = '-----BEGIN PGP SIGNED MESSAGE-----'
const footer = '-----END PGP SIGNATURE-----'

/**
 * Verifies a cleartext signed message (RFC 9580, section 7) and returns only the text that was signed, lines
 * ending in LF without trailing white space. One good signature by a trusted key is enough; signatures by
 * unknown keys are skipped. Refused: anything around the message, expired or revoked keys, signatures
 * from the future, hashes weaker than SHA-256's family. Errors: `signature-invalid`.
 */
export async function verifyClearsigned(
  message: Uint8Array,
  options: VerifyOptions,
): Promise<Verified & { readonly text: string }> {
  const text = tryUtf8(message)?.trimEnd()
  if (text === undefined) throw invalid(options, 'it is not UTF-8 text')
  if (!text.startsWith(header)) throw invalid(options, 'it does not start with a signed message')
  if (!text.endsWith(footer) || text.indexOf(footer) !== text.length - footer.length) {
    throw invalid(options, 'it does not end with the one signature')
  }
  const openpgp = await import('openpgp')
  const keys = await readKeyring(openpgp, options.keys)
  const parsed = await attempt(options, () => openpgp.readCleartextMessage({ cleartextMessage: text }))
  const { data, signatures } = await attempt(options, () =>
    openpgp.verify({ message: parsed, verificationKeys: keys, date: options.now }),
  )
  return { text: data, ...(await judge(signatures, keys, options)) }
}

/** Verifies a signature that is kept beside the data (armored or binary); otherwise as `verifyClearsigned`. */
export async function verifyDetached(
  data: Uint8Array,
  signature: Uint8Array,
  options: VerifyOptions,
): Promise<Verified> {
  const openpgp = await import('openpgp')
  const keys = await readKeyring(openpgp, options.keys)
  const armored = armoredText(signature)
  const parsed = await attempt(options, () =>
    armored === undefined
      ? openpgp.readSignature({ binarySignature: signature })
      : openpgp.readSignature({ armoredSignature: armored }),
  )
  const message = await openpgp.createMessage({ binary: data })
  const { signatures } = await attempt(options, () =>
    openpgp.verify({
      message,
      signature: parsed,
      verificationKeys: keys,
      date: options.now,
      format: 'binary',
    }),
  )
  return judge(signatures, keys, options)
}

/** Fingerprints (upper-case hex) of the primary keys in a file. Errors: `signature-invalid`. */
export async function fingerprintsOf(file: KeyFile): Promise<readonly string[]> {
  const keys = await readKeys(await import('openpgp'), file)
  return keys.map(fingerprint)
}

async function readKeyring(openpgp: OpenPgp, keyring: Keyring): Promise<Key[]> {
  const keys: Key[] = []
  for (const file of keyring.files) keys.push(...(await readKeys(openpgp, file)))
  const { fingerprints } = keyring
  if (!fingerprints) return keys
  const pinned = keys.filter((key) => fingerprints.includes(fingerprint(key)))
  if (pinned.length > 0) return pinned
  const present = keys.map(fingerprint).join(', ') || 'none'
  throw new TemperError(
    'signature-invalid',
    `Expected a key with fingerprint ${fingerprints.join(' or ')} in ${keyring.files.map((f) => f.name).join(', ')}, found ${present}`,
    { hint: 'Compare the fingerprint with the one that the owner of the repository publishes.' },
  )
}

async function readKeys(openpgp: OpenPgp, file: KeyFile): Promise<Key[]> {
  try {
    const text = armoredText(file.bytes)
    if (text === undefined) return await openpgp.readKeys({ binaryKeys: file.bytes })
    const keys: Key[] = []
    const blocks = text.match(
      /-----BEGIN PGP PUBLIC KEY BLOCK-----[\s\S]*?-----END PGP PUBLIC KEY BLOCK-----/g,
    )
    for (const block of blocks ?? []) keys.push(...(await openpgp.readKeys({ armoredKeys: block })))
    if (keys.length === 0) throw new Error('there is no public key block in it')
    return keys
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new TemperError('signature-invalid', `${file.name} cannot be read as OpenPGP keys: ${reason}`, {
      hint: 'Give a public key, armored or binary, as "gpg --export" writes it.',
      cause,
    })
  }
}

/** The text of an armored file; undefined for a binary one (whose first byte has its high bit set). */
function armoredText(bytes: Uint8Array): string | undefined {
  return (bytes[0] ?? 0) >= 0x80 ? undefined : new TextDecoder().decode(bytes)
}

function fingerprint(key: Key): string {
  return key.getFingerprint().toUpperCase()
}

interface Candidate {
  readonly keyID: { toHex(): string }
  readonly verified: Promise<true>
  readonly signature: Promise<Signature>
}

/** Keeps the good signatures; with none, says of each why not. */
async function judge(
  signatures: readonly Candidate[],
  keys: readonly Key[],
  options: VerifyOptions,
): Promise<Verified> {
  const outcomes = await Promise.all(signatures.map((signature) => judgeOne(signature, keys, options.now)))
  const good = outcomes.filter((outcome) => 'fingerprint' in outcome)
  if (good.length === 0) {
    const bad = outcomes.filter((outcome) => 'problem' in outcome).map((outcome) => outcome.problem)
    throw invalid(options, bad.length > 0 ? bad.join('; ') : 'it has no signature')
  }
  const goodUntil = Math.max(...good.map((outcome) => outcome.goodUntil))
  return {
    signedBy: [...new Set(good.map((outcome) => outcome.fingerprint))].sort(),
    ...(Number.isFinite(goodUntil) ? { goodUntil } : {}),
  }
}

type Outcome = { readonly fingerprint: string; readonly goodUntil: number } | { readonly problem: string }

async function judgeOne(candidate: Candidate, keys: readonly Key[], now: Date): Promise<Outcome> {
  const id = candidate.keyID.toHex()
  try {
    await candidate.verified
    const signature = await candidate.signature
    for (const key of keys) {
      const [signer] = key.getKeys().filter((part) => part.getKeyID().toHex() === id)
      if (!signer) continue
      // openpgp judges the key as of the signature's time; a key that expired or was revoked since does not count.
      await key.getSigningKey(signer.getKeyID(), now)
      const ends = [await key.getExpirationTime(), await endOf(signer, now), signatureEnd(signature)]
      return { fingerprint: fingerprint(key), goodUntil: Math.min(...ends.map((end) => Number(end))) }
    }
    return { problem: `key ${id.toUpperCase()} is not trusted` }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return {
      problem: reason.startsWith('Could not find signing key')
        ? `key ${id.toUpperCase()} is not trusted`
        : `signature by key ${id.toUpperCase()}: ${reason}`,
    }
  }
}

async function endOf(part: ReturnType<Key['getKeys']>[number], now: Date): Promise<Date | number | null> {
  return 'mainKey' in part ? part.getExpirationTime(now) : part.getExpirationTime()
}

function signatureEnd(signature: Signature): Date | number {
  return signature.packets[0]?.getExpirationTime() ?? Number.POSITIVE_INFINITY
}

async function attempt<T>(options: VerifyOptions, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (cause) {
    throw invalid(options, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function invalid(options: VerifyOptions, reason: string, cause?: unknown): TemperError {
  return new TemperError('signature-invalid', `The signature of ${options.what} is not good: ${reason}`, {
    hint: 'Use another mirror. For a repository of your own, check its key.',
    cause,
  })
}
