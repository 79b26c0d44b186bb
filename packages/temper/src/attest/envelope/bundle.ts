import { type Digest, hexOf } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import type { JsonObject } from '../../base/json/value.ts'
import { type Envelope, evidenceTypes, type Signer, type Statement } from '../../model/attestation.ts'
import { malformed, objectOf, parseDocument, textOf } from '../json-document.ts'
import { signingCertificate } from '../sigstore/certificate.ts'
import { statementBytes } from '../statement/in-toto.ts'
import { envelopeJson, readEnvelope, signEnvelope } from './dsse.ts'

/** What a bundle says about its signer; it proves nothing by itself. */
export type BundleMaterial =
  | { readonly kind: 'public-key'; readonly hint: string }
  | { readonly kind: 'certificate'; readonly der: Uint8Array }

export interface Bundle {
  readonly material: BundleMaterial
  readonly envelope: Envelope
  /** The whole verification material, for checking log entries and timestamps. */
  readonly json: JsonObject
}

/** How the media type of version 0.3 is written, now and before; and of the versions that are read, not written. */
const mediaTypes: readonly unknown[] = [
  evidenceTypes.bundle,
  ...['0.3', '0.2', '0.1'].map((version) => `application/vnd.dev.sigstore.bundle+json;version=${version}`),
]

/** Signs a statement into a Sigstore bundle (protobuf-specs 0.3, sigstore_bundle.proto, as JSON). */
export async function signBundle(statement: Statement, signer: Signer): Promise<Uint8Array> {
  const payload = statementBytes(statement)
  const envelope = await signEnvelope(payload, { payloadType: evidenceTypes.statement, signer })
  const material =
    signer.certificate === undefined
      ? { publicKey: { hint: hintOf(signer.key.id) } }
      : { certificate: { rawBytes: Buffer.from(signer.certificate.der).toString('base64') } }
  const document: JsonObject = {
    mediaType: evidenceTypes.bundle,
    verificationMaterial: { ...material, ...(await signer.witness?.(envelope)) },
    dsseEnvelope: envelopeJson(envelope),
  }
  return Buffer.from(canonicalJson(document))
}

/** How bundles name a key: the SHA-256 of its DER in base64, as cosign writes it. */
function hintOf(id: Digest): string {
  return Buffer.from(hexOf(id), 'hex').toString('base64')
}

/** The id of the key that a hint names; the hint itself when it was made in another way. */
export function keyOfHint(hint: string): string {
  const bytes = Buffer.from(hint, 'base64')
  return bytes.length === 32 && bytes.toString('base64') === hint ? `sha256:${bytes.toString('hex')}` : hint
}

/**
 * Reads a bundle from outside: one envelope with exactly one signature, and one kind of material. Log entries
 * and timestamps are not looked at. Throws `bad-attestation`, `limit-exceeded`.
 */
export function parseBundle(bytes: Uint8Array, where: string): Bundle {
  const json = parseDocument(bytes, where)
  if (!mediaTypes.includes(json['mediaType']))
    throw malformed(
      where,
      `a bundle of version 0.1 to 0.3`,
      JSON.stringify(json['mediaType'] ?? null).slice(0, 100),
    )
  if (json['messageSignature'] !== undefined)
    throw malformed(where, 'a signed statement', 'the signature of a file')
  const envelope = readEnvelope(json['dsseEnvelope'], `${where}, dsseEnvelope`)
  if (envelope.signatures.length !== 1)
    throw malformed(where, 'exactly one signature', `${envelope.signatures.length}`)
  const material = readMaterial(json['verificationMaterial'], `${where}, verificationMaterial`)
  return { envelope, material, json }
}

function readMaterial(value: unknown, where: string): BundleMaterial {
  const json = objectOf(value, where)
  const kinds = ['publicKey', 'certificate', 'x509CertificateChain'].filter(
    (name) => json[name] !== undefined,
  )
  if (kinds.length !== 1)
    throw malformed(where, 'a public key or a certificate', kinds.join(' and ') || 'neither')
  if (json['publicKey'] !== undefined) {
    const { hint } = objectOf(json['publicKey'], `${where}, publicKey`)
    return {
      kind: 'public-key',
      hint: hint === undefined || hint === '' ? '' : textOf(hint, `${where}, hint`),
    }
  }
  return { kind: 'certificate', der: signingCertificate(json, where) ?? new Uint8Array() }
}
