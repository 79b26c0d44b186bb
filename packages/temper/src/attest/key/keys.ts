import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, sign, verify } from 'node:crypto'
import { promisify } from 'node:util'
import { tryUtf8 } from '../../base/bytes.ts'
import { sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { type PemBlock, readPem } from '../../formats/crypto/pem.ts'
import type { KeyAlgorithm, Signer, VerificationKey } from '../../model/attestation.ts'

/** Most bytes of a key file. */
const keyFileLimit = 65_536

/** Most public keys in one file. */
const keyLimit = 64

/** Labels of encrypted keys: the second is what cosign wrote before version 2. */
const encryptedLabels = ['ENCRYPTED SIGSTORE PRIVATE KEY', 'ENCRYPTED COSIGN PRIVATE KEY']

/** The algorithm of new keys: short keys, and fast everywhere. */
export type NewKeyAlgorithm = Extract<KeyAlgorithm, 'ecdsa-p256' | 'ed25519'>

/**
 * Hashes of signatures: the first is signed with, all are verified (Sigstore's algorithm registry; cosign 2 signed with
 * SHA-256 whatever the curve). Ed25519 hashes by itself.
 */
const hashes: Readonly<Record<KeyAlgorithm, readonly [Hash, ...Hash[]]>> = {
  'ecdsa-p256': ['sha256'],
  'ecdsa-p384': ['sha384', 'sha256'],
  ed25519: [null],
  rsa: ['sha256'],
}
type Hash = 'sha256' | 'sha384' | null

/** Bits of an RSA key: less is no longer safe, and more than cosign takes would only cost time. */
const rsaBits = { least: 2048, most: 4096 }

export interface KeyPlace {
  /** Content of the key file. */
  readonly bytes: Uint8Array
  /** How errors name it. */
  readonly where: string
}

/** A new pair as PEM files: the private key encrypted as cosign does it. */
export async function generateKeys(
  algorithm: NewKeyAlgorithm,
  password: string,
): Promise<{ readonly privatePem: string; readonly publicPem: string; readonly key: VerificationKey }> {
  const generate = promisify(generateKeyPair)
  const { privateKey, publicKey } =
    algorithm === 'ed25519' ? await generate('ed25519') : await generate('ec', { namedCurve: 'P-256' })
  const { encryptKey } = await import('./key-file.ts')
  const encrypted = await encryptKey(privateKey.export({ format: 'der', type: 'pkcs8' }), password)
  const key = verificationKey(publicKey, 'the new key')
  return { privatePem: formatPem('ENCRYPTED SIGSTORE PRIVATE KEY', encrypted), publicPem: key.pem, key }
}

/**
 * The signer of a private key in PEM: cosign's encrypted keys, PKCS #8 (encrypted or not) and SEC 1. `password`
 * is asked for only when the key is encrypted. Throws `bad-key`.
 */
export async function loadSigner(
  source: KeyPlace,
  options: { readonly password: () => Promise<string> },
): Promise<Signer> {
  const { where } = source
  const [block] = blocksOf(source).filter(({ label }) => label.endsWith('PRIVATE KEY'))
  if (block === undefined) {
    throw new TemperError('bad-key', `${where}: expected a private key in PEM, found none`, {
      hint: 'Sign with the private key (cosign.key); the public key (cosign.pub) is for verifying.',
    })
  }
  const privateKey = await readPrivateKey(block, where, options.password)
  const key = verificationKey(createPublicKey(privateKey), where)
  return { key, sign: async (bytes) => sign(hashes[key.algorithm][0], bytes, privateKey) }
}

/** The public keys of a PEM file, each "PUBLIC KEY" (SubjectPublicKeyInfo). Throws `bad-key`. */
export function loadVerificationKeys(source: KeyPlace): readonly VerificationKey[] {
  const { where } = source
  const blocks = blocksOf(source)
  if (blocks.some(({ label }) => label.endsWith('PRIVATE KEY'))) {
    throw new TemperError('bad-key', `${where}: expected a public key, found a private key`, {
      hint: 'Verify with the public key (cosign.pub), and keep the private one where only the signer can read it.',
    })
  }
  const keys = blocks.filter(({ label }) => label === 'PUBLIC KEY')
  if (keys.length === 0 || keys.length !== blocks.length || keys.length > keyLimit)
    throw new TemperError(
      'bad-key',
      `${where}: expected 1 to ${keyLimit} public keys in PEM and nothing else`,
    )
  return keys.map(({ bytes }) => {
    try {
      return verificationKey(createPublicKey({ key: Buffer.from(bytes), format: 'der', type: 'spki' }), where)
    } catch (error) {
      throw asBadKey(error, where)
    }
  })
}

function blocksOf({ bytes, where }: KeyPlace): readonly PemBlock[] {
  const text = bytes.length > keyFileLimit ? undefined : tryUtf8(bytes)
  if (text === undefined)
    throw new TemperError('bad-key', `${where}: expected a PEM text of at most ${keyFileLimit} bytes`)
  try {
    return readPem(text, { what: where })
  } catch (error) {
    throw asBadKey(error, where)
  }
}

async function readPrivateKey(
  { label, bytes }: PemBlock,
  where: string,
  password: () => Promise<string>,
): Promise<KeyObject> {
  try {
    if (encryptedLabels.includes(label)) {
      const { decryptKey } = await import('./key-file.ts')
      const der = await decryptKey(bytes, { password: await password(), where })
      return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })
    }
    const passphrase = label === 'ENCRYPTED PRIVATE KEY' ? { passphrase: await password() } : {}
    return createPrivateKey({ key: formatPem(label, bytes), format: 'pem', ...passphrase })
  } catch (error) {
    throw asBadKey(error, where)
  }
}

function verificationKey(publicKey: KeyObject, where: string): VerificationKey {
  const algorithm = algorithmOf(publicKey, where)
  const der = publicKey.export({ format: 'der', type: 'spki' })
  return {
    id: sha256(der),
    algorithm,
    pem: formatPem('PUBLIC KEY', der),
    verify: (bytes, signature) => {
      // A malformed signature is a wrong one; OpenSSL answers some of them with an error.
      try {
        return hashes[algorithm].some((hash) => verify(hash, bytes, publicKey, signature))
      } catch {
        return false
      }
    },
  }
}

function algorithmOf(key: KeyObject, where: string): KeyAlgorithm {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  const { namedCurve: curve, modulusLength: bits = 0, publicExponent: exponent = 0n } = details ?? {}
  if (type === 'ed25519') return 'ed25519'
  if (type === 'ec' && curve === 'prime256v1') return 'ecdsa-p256'
  if (type === 'ec' && curve === 'secp384r1') return 'ecdsa-p384'
  if (type === 'rsa' && bits >= rsaBits.least && bits <= rsaBits.most && exponent > 2n) return 'rsa'
  const kind = [type ?? 'none', curve, bits === 0 ? undefined : `of ${bits} bits`]
  throw new TemperError(
    'bad-key',
    `${where}: expected an ECDSA key (P-256, P-384), Ed25519, or RSA of ${rsaBits.least} to ${rsaBits.most} bits, ` +
      `found ${kind.filter((part) => part !== undefined).join(' ')}`,
    { next: { action: 'generate-keys' } },
  )
}

/** A PEM text (RFC 7468). */
function formatPem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

function asBadKey(error: unknown, where: string): TemperError {
  if (error instanceof TemperError && error.code === 'bad-key') return error
  const reason = error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read'
  return new TemperError('bad-key', `${where}: cannot read this key: ${reason}`, { cause: error })
}
