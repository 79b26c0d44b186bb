import { createHash } from 'node:crypto'
import type { JsonObject } from '../../base/json/value.ts'
import type { Envelope } from '../../model/attestation.ts'
import { base64Of, malformed, objectOf, parseDocument, textOf } from '../json-document.ts'
import { readPemCertificates } from '../sigstore/certificate.ts'
import { envelopeJson } from './dsse.ts'

/**
 * What vouches for the key of an identity in cosign's older scheme, as annotations of the signed document (cosign,
 * SIGNATURE_SPEC.md, "Properties"). It proves nothing by itself.
 */
export interface OlderMaterial {
  /** PEM. */
  readonly certificate: string
  /** JSON of the log's promise of inclusion. */
  readonly bundle?: string
  /** JSON of an RFC 3161 timestamp. */
  readonly timestamp?: string
}

const names = {
  certificate: 'dev.sigstore.cosign/certificate',
  bundle: 'dev.sigstore.cosign/bundle',
  timestamp: 'dev.sigstore.cosign/rfc3161timestamp',
} as const

/** The material in annotations; undefined when the key that signed needs none. */
export function olderMaterial(annotations: Readonly<Record<string, string>>): OlderMaterial | undefined {
  const certificate = annotations[names.certificate]
  if (certificate === undefined || certificate === '') return undefined
  const [bundle, timestamp] = [annotations[names.bundle], annotations[names.timestamp]]
  return {
    certificate,
    ...(bundle ? { bundle } : {}),
    ...(timestamp ? { timestamp } : {}),
  }
}

/** What was signed: an envelope, or a payload with its signature beside it. */
export type OlderContent = { readonly where: string } & (
  | { readonly envelope: Envelope }
  | { readonly payload: Uint8Array; readonly signature: Uint8Array }
)

/**
 * A document of the older scheme as a bundle, so that both schemes are verified in the same way. Throws
 * `bad-attestation`.
 */
export function certifiedBundle(
  material: OlderMaterial,
  content: OlderContent,
): { readonly json: JsonObject; readonly der: Uint8Array } {
  const { where } = content
  const [der] = readPemCertificates(material.certificate, `${where}, certificate`)
  if (der === undefined) throw malformed(`${where}, certificate`, 'a certificate in PEM', 'none')
  const rawBytes = Buffer.from(der).toString('base64')
  const json: JsonObject = {
    // The version whose log entries may do with the log's promise.
    mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
    verificationMaterial: {
      certificate: { rawBytes },
      tlogEntries: material.bundle === undefined ? [] : [logEntry(material.bundle, `${where}, log entry`)],
      ...(material.timestamp === undefined
        ? {}
        : { timestampVerificationData: timestamps(material.timestamp, `${where}, timestamp`) }),
    },
    ...contentJson(content),
  }
  return { json, der }
}

function contentJson(content: OlderContent): JsonObject {
  if ('envelope' in content) return { dsseEnvelope: envelopeJson(content.envelope) }
  const digest = createHash('sha256').update(content.payload).digest('base64')
  const signature = Buffer.from(content.signature).toString('base64')
  return { messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest }, signature } }
}

/** cosign, pkg/cosign/bundle, RekorBundle. */
function logEntry(text: string, where: string): JsonObject {
  const json = parseDocument(Buffer.from(text), where)
  const payload = objectOf(json['Payload'], `${where}, Payload`)
  const body = base64Of(payload['body'], `${where}, body`)
  const entry = parseDocument(body, `${where}, body`)
  const logId = textOf(payload['logID'], `${where}, logID`)
  if (!/^[0-9a-f]{64}$/.test(logId))
    throw malformed(`${where}, logID`, 'a SHA-256 in hex', logId.slice(0, 80))
  return {
    logIndex: integer(payload['logIndex'], `${where}, logIndex`),
    logId: { keyId: Buffer.from(logId, 'hex').toString('base64') },
    kindVersion: {
      kind: textOf(entry['kind'], `${where}, kind`),
      version: textOf(entry['apiVersion'], `${where}, apiVersion`),
    },
    integratedTime: integer(payload['integratedTime'], `${where}, integratedTime`),
    inclusionPromise: {
      signedEntryTimestamp: Buffer.from(
        base64Of(json['SignedEntryTimestamp'], `${where}, SignedEntryTimestamp`),
      ).toString('base64'),
    },
    canonicalizedBody: Buffer.from(body).toString('base64'),
  }
}

function timestamps(text: string, where: string): JsonObject {
  const json = parseDocument(Buffer.from(text), where)
  const signedTimestamp = Buffer.from(base64Of(json['SignedRFC3161Timestamp'], where)).toString('base64')
  return { rfc3161Timestamps: [{ signedTimestamp }] }
}

function integer(value: unknown, where: string): string {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value)
  throw malformed(where, 'a whole number', String(value).slice(0, 40))
}
