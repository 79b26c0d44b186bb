import { generateKeyPair, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { Http } from '../../base/http/http.ts'
import type { JsonObject } from '../../base/json/value.ts'
import type { Envelope, Signer } from '../../model/attestation.ts'
import { malformed } from '../json-document.ts'
import { loadVerificationKeys } from '../key/keys.ts'
import type { SigstoreAddresses } from './client.ts'
import { requestCertificate } from './fulcio.ts'
import { certificatePem, logEnvelope } from './rekor.ts'
import { requestTimestamp } from './timestamp.ts'

/**
 * A signer without a key of its own. It makes one that lives as long as this process, has an authority certify whose
 * it is, and has each signature entered into a log and timestamped. Verification needs the identity, not a key.
 */
export async function keylessSigner(
  token: string,
  options: { readonly http: Http; readonly addresses: SigstoreAddresses },
): Promise<Signer> {
  const { http, addresses } = options
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
  const certificate = await requestCertificate({ http, fulcio: addresses.fulcio, token, privateKey })
  const bytes = Buffer.from(publicKey.export({ format: 'pem', type: 'spki' }))
  const [key] = loadVerificationKeys({ bytes, where: 'the new key' })
  if (key === undefined) throw malformed('the new key', 'a public key', 'none')
  const verifier = certificatePem(certificate.der)
  return {
    key,
    certificate,
    sign: async (message) => sign('sha256', message, privateKey),
    witness: async (envelope) => {
      const [entry, stamps] = await Promise.all([
        logEnvelope(envelope, { http, rekor: addresses.rekor, verifier }),
        timestampData(envelope, { http, tsa: addresses.tsa }),
      ])
      return { tlogEntries: [entry], ...stamps }
    },
  }
}

/** A signer whose signatures are timestamped too, so that their age can be proved. */
export function timestampedSigner(
  signer: Signer,
  options: { readonly http: Http; readonly tsa: string },
): Signer {
  return { ...signer, witness: (envelope) => timestampData(envelope, options) }
}

async function timestampData(
  { signatures: [first] }: Envelope,
  options: { readonly http: Http; readonly tsa: string },
): Promise<JsonObject> {
  if (first === undefined) throw malformed('the envelope', 'a signature', 'none')
  const stamp = await requestTimestamp(first.signature, options)
  const signedTimestamp = Buffer.from(stamp).toString('base64')
  return { timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp }] } }
}
