import type { JsonObject } from '../../base/json/value.ts'
import type { Envelope, EnvelopeSignature, Signer } from '../../model/attestation.ts'
import { base64Of, listOf, malformed, objectOf, parseDocument, textOf } from '../json-document.ts'

/** Most signatures of one envelope: each costs a check against every trusted key. */
const signatureLimit = 16

/** The bytes that are signed: type and payload with their lengths (DSSE 1.0, protocol.md, "PAE"). */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType, 'utf8')
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    payload,
  ])
}

/** Signs a payload. The envelope names no key; whatever contains the envelope does. */
export async function signEnvelope(
  payload: Uint8Array,
  options: { readonly payloadType: string; readonly signer: Signer },
): Promise<Envelope> {
  const { payloadType, signer } = options
  const signature = await signer.sign(preAuthEncoding(payloadType, payload))
  return { payloadType, payload, signatures: [{ signature }] }
}

/** The envelope as JSON (DSSE 1.0, envelope.md), members in a fixed order. */
export function envelopeJson(envelope: Envelope): JsonObject {
  return {
    payload: base64(envelope.payload),
    payloadType: envelope.payloadType,
    signatures: envelope.signatures.map(({ keyId, signature }) => ({
      ...(keyId === undefined ? {} : { keyid: keyId }),
      sig: base64(signature),
    })),
  }
}

/** Reads an envelope from outside. This proves nothing that is in it. Throws `bad-attestation`, `limit-exceeded`. */
export function parseEnvelope(bytes: Uint8Array, where: string): Envelope {
  return readEnvelope(parseDocument(bytes, where), where)
}

/** Reads an envelope that is inside another document. */
export function readEnvelope(value: unknown, where: string): Envelope {
  const json = objectOf(value, where)
  const payload = base64Of(json['payload'], `${where}, payload`)
  if (payload.length === 0) throw malformed(`${where}, payload`, 'some bytes', 'none')
  return {
    payloadType: textOf(json['payloadType'], `${where}, payloadType`, 200),
    payload,
    signatures: listOf(json['signatures'], `${where}, signatures`, signatureLimit).map((each, i) =>
      readSignature(each, `${where}, signature ${i + 1}`),
    ),
  }
}

function readSignature(value: unknown, where: string): EnvelopeSignature {
  const json = objectOf(value, where)
  const keyId = json['keyid']
  const signature = base64Of(json['sig'], where)
  // The largest signatures in use, of RSA keys with 16,384 bits, have 2048 bytes.
  if (signature.length === 0 || signature.length > 2048)
    throw malformed(where, '1 to 2048 bytes', `${signature.length}`)
  return {
    signature,
    ...(keyId === undefined || keyId === null || keyId === ''
      ? {}
      : { keyId: textOf(keyId, `${where}, keyid`) }),
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
