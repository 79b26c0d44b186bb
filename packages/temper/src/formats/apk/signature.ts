import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { bytesOf, collect, type NamedBytes } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import { readTar } from '../tar/read.ts'
import { badPackage, shown, tooMuch } from './fault.ts'

/** A signature in the first member of an index or a package. */
export interface ApkSignature {
  readonly hash: 'sha1' | 'sha256' | 'sha512'
  /** File name of the key: "alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub". */
  readonly key: string
  readonly bytes: Uint8Array
}

/** A public key that may sign. */
export interface ApkKey {
  /** Its file name, by which signatures ask for it. */
  readonly name: string
  readonly key: KeyObject
  /** SHA-256 of its SubjectPublicKeyInfo, upper-case hex. */
  readonly fingerprint: string
}

const hashes = { RSA: 'sha1', RSA256: 'sha256', RSA512: 'sha512' } as const
const signatureName = /^\.SIGN\.(RSA|RSA256|RSA512)\.([^/]{1,200})$/
const signatureLimit = 16 * 1024
const signaturesLimit = 32
const smallestKey = 2048

/** Reads a key file: an RSA public key in PEM. Errors: `bad-key`. */
export function parseApkKey({ name, bytes }: NamedBytes): ApkKey {
  const fail = (found: string, cause?: unknown) =>
    new TemperError('bad-key', `The key ${name}: expected an RSA public key in PEM, found ${found}`, {
      hint: 'Take the .rsa.pub file that lies in /etc/apk/keys of a system that uses the repository.',
      ...(cause === undefined ? {} : { cause }),
    })
  let key: KeyObject
  try {
    if (Buffer.from(bytes).includes('PRIVATE KEY')) throw fail('a private key')
    key = createPublicKey(Buffer.from(bytes))
  } catch (cause) {
    throw cause instanceof TemperError ? cause : fail('something else', cause)
  }
  if (key.asymmetricKeyType !== 'rsa') throw fail(`a key of the type ${key.asymmetricKeyType}`)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < smallestKey) throw fail(`one of ${bits} bits, which is too few to prove anything`)
  const der = key.export({ format: 'der', type: 'spki' })
  const fingerprint = createHash('sha256').update(der).digest('hex').toUpperCase()
  return { name: name.slice(name.lastIndexOf('/') + 1), key, fingerprint }
}

/**
 * The signatures in a first member, which is a piece of tar; undefined when the member holds something else. Unknown
 * kinds of signatures are skipped. Errors: `bad-archive`, `limit-exceeded`.
 */
export async function readSignatures(
  content: Uint8Array,
  what: string,
): Promise<readonly ApkSignature[] | undefined> {
  const signatures: ApkSignature[] = []
  let entries = 0
  for await (const { entry, content: body } of readTar(bytesOf(content), { what, endMarker: 'optional' })) {
    if (!entry.path.startsWith('.SIGN.')) {
      if (entries === 0) return undefined
      throw badPackage(what, `${shown(entry.path)} lies among the signatures`)
    }
    if (++entries > signaturesLimit) throw tooMuch(what, `more than ${signaturesLimit} signatures`)
    const [, kind, key] = signatureName.exec(entry.path) ?? []
    if (entry.type !== 'file' || key === undefined) continue
    const bytes = await collect(body, {
      limit: signatureLimit,
      what: `${what}, ${printableLine(entry.path)}`,
    })
    signatures.push({ hash: hashes[kind as keyof typeof hashes], key, bytes: Uint8Array.from(bytes) })
  }
  return signatures
}

/**
 * The trusted keys that signed `signed`. A wrong signature by a trusted key is an error, whatever the others say.
 * Errors: `signature-invalid`, also when no trusted key signed.
 */
export function verifySignatures(
  signed: Uint8Array,
  signatures: readonly ApkSignature[],
  options: { readonly keys: readonly ApkKey[]; readonly what: string },
): readonly ApkKey[] {
  const { keys, what } = options
  const signers: ApkKey[] = []
  for (const signature of signatures) {
    for (const trusted of keys) {
      if (trusted.name !== signature.key) continue
      if (!verify(signature.hash, signed, trusted.key, signature.bytes)) {
        throw new TemperError(
          'signature-invalid',
          `${what}: the signature by ${trusted.name} does not match these bytes`,
          {
            hint: 'Something was changed after it was signed, or the key is a different one of the same name.',
          },
        )
      }
      signers.push(trusted)
    }
  }
  if (signers.length > 0) return signers
  const names = printableLine(signatures.map(({ key }) => key).join(', '))
  throw new TemperError(
    'signature-invalid',
    names === '' ? `${what} is not signed` : `${what} is signed by ${names}, which is not trusted`,
    {
      hint: 'Give the key of the repository under contents.keyring, with the file name that signatures call it by.',
      details: { trusted: keys.map(({ name }) => name) },
    },
  )
}
