import type { Http } from '../../base/http/http.ts'
import type { JsonObject } from '../../base/json/value.ts'
import type { Envelope } from '../../model/attestation.ts'
import { envelopeJson } from '../envelope/dsse.ts'
import { base64Of, listOf, malformed, objectOf, parseDocument, textOf } from '../json-document.ts'
import { below, postJson, understoodAnswer } from './client.ts'

export interface LogRequest {
  readonly http: Http
  /** Address of the log. */
  readonly rekor: string
  /** Certificate or public key that the signature is checked with, in PEM. */
  readonly verifier: string
}

/**
 * Has an envelope entered into a log (Rekor's API, v1, entries of the kind "dsse" 0.0.1) and returns the entry in the
 * form that bundles hold (protobuf-specs, sigstore_rekor.proto). The log keeps digests and signatures, not the
 * payload.
 */
export async function logEnvelope(envelope: Envelope, request: LogRequest): Promise<JsonObject> {
  const url = below(request.rekor, '/api/v1/log/entries')
  const verifiers = [Buffer.from(request.verifier).toString('base64')]
  const proposedContent = { envelope: JSON.stringify(envelopeJson(envelope)), verifiers }
  const answer = await postJson({
    http: request.http,
    url,
    what: 'a log entry',
    body: { apiVersion: '0.0.1', kind: 'dsse', spec: { proposedContent } },
  })
  return understoodAnswer(url, () => {
    const entries = Object.values(answer)
    if (entries.length !== 1) throw malformed('its answer', 'one entry', `${entries.length}`)
    const [entry] = entries
    return readEntry(objectOf(entry, 'its entry'), envelope)
  })
}

function readEntry(entry: JsonObject, envelope: Envelope): JsonObject {
  const body = base64Of(entry['body'], 'its entry, body')
  const { kind, apiVersion, spec } = parseDocument(body, 'its entry, body')
  assertAbout(objectOf(spec, 'its entry, spec'), envelope)
  const verification = objectOf(entry['verification'], 'its entry, verification')
  const promise = verification['signedEntryTimestamp']
  return {
    logIndex: whole(entry['logIndex'], 'its entry, logIndex'),
    logId: { keyId: base64OfHex(entry['logID'], 'its entry, logID') },
    kindVersion: {
      kind: textOf(kind, 'its entry, kind'),
      version: textOf(apiVersion, 'its entry, apiVersion'),
    },
    integratedTime: whole(entry['integratedTime'], 'its entry, integratedTime'),
    ...(promise === undefined || promise === null
      ? {}
      : { inclusionPromise: { signedEntryTimestamp: base64(base64Of(promise, 'its promise')) } }),
    inclusionProof: readProof(objectOf(verification['inclusionProof'], 'its inclusion proof')),
    canonicalizedBody: base64(body),
  }
}

function readProof(proof: JsonObject): JsonObject {
  const hashes = proof['hashes'] ?? []
  return {
    logIndex: whole(proof['logIndex'], 'its inclusion proof, logIndex'),
    treeSize: whole(proof['treeSize'], 'its inclusion proof, treeSize'),
    rootHash: base64OfHex(proof['rootHash'], 'its inclusion proof, rootHash'),
    hashes:
      Array.isArray(hashes) && hashes.length === 0
        ? []
        : listOf(hashes, 'its inclusion proof, hashes', 64).map((each) =>
            base64OfHex(each, 'its inclusion proof, hash'),
          ),
    checkpoint: { envelope: textOf(proof['checkpoint'], 'its checkpoint', 10_000) },
  }
}

/** An entry about something else would make a bundle that nobody can verify. */
function assertAbout(spec: JsonObject, { signatures }: Envelope): void {
  const wanted = signatures.map(({ signature }) => base64(signature))
  const logged = listOf(spec['signatures'], 'its entry, signatures', 16).map(
    (each) => objectOf(each, 'its entry, signature')['signature'],
  )
  if (wanted.length !== logged.length || wanted.some((each) => !logged.includes(each)))
    throw malformed('its entry', 'the signature that was sent', 'another')
}

function whole(value: unknown, where: string): string {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value)
  throw malformed(where, 'a whole number', String(value).slice(0, 40))
}

function base64OfHex(value: unknown, where: string): string {
  if (typeof value !== 'string' || !/^(?:[0-9a-f]{2}){1,64}$/.test(value))
    throw malformed(where, 'bytes in hex', String(value).slice(0, 40))
  return Buffer.from(value, 'hex').toString('base64')
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

/** The PEM text of a certificate (RFC 7468). */
export function certificatePem(der: Uint8Array): string {
  const lines = base64(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
