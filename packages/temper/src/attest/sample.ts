import { generateKeyPairSync, sign } from 'node:crypto'
import { sha256 } from '../base/digest.ts'
import type { Signer, Statement } from '../model/attestation.ts'
import { loadVerificationKeys } from './key/keys.ts'
import { digestSet, makeStatement } from './statement/in-toto.ts'

/** Keys and statements for tests. */

/** A key in memory: making one in a file takes the time that protects passwords. */
export function sampleSigner(algorithm: 'ecdsa-p256' | 'ed25519' = 'ecdsa-p256'): Signer {
  const { privateKey, publicKey } =
    algorithm === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const bytes = Buffer.from(publicKey.export({ format: 'pem', type: 'spki' }))
  const [key] = loadVerificationKeys({ bytes, where: 'a sample key' })
  if (key === undefined) throw new Error('a PEM text without a key')
  const hash = algorithm === 'ed25519' ? null : 'sha256'
  return { key, sign: async (message) => sign(hash, message, privateKey) }
}

/** The digest of an image called so. */
export function sampleSubject(name: string): ReturnType<typeof sha256> {
  return sha256(`image ${name}`)
}

export function sampleStatement(name: string): Statement {
  return makeStatement([{ name, digest: digestSet(sampleSubject(name)) }], {
    predicateType: 'https://example.com/claim/v1',
    predicate: { good: true },
  })
}
