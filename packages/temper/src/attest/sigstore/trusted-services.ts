import { createPublicKey } from 'node:crypto'
import type { TrustedRoot } from '@sigstore/protobuf-specs'
import type { TrustMaterial, Verifier } from '@sigstore/verify'
import { TemperError } from '../../base/error.ts'
import type { JsonObject } from '../../base/json/value.ts'
import type { Certified, TrustedServices, VerificationKey } from '../../model/attestation.ts'
import { malformed, objectOf, parseDocument } from '../json-document.ts'
import { isForCodeSigning, signingCertificate } from './certificate.ts'

/** Most entries of a log, and most timestamps, in one bundle: each costs several signatures to check. */
const witnessLimit = 16

/**
 * Reads which services are trusted (protobuf-specs, sigstore_trustroot.proto, as JSON): certificate authorities, logs
 * and timestamp authorities with the times at which they count. The library that verifies bundles is loaded here, and
 * only when it is needed. Throws `bad-trust`.
 */
export async function readTrustedServices(bytes: Uint8Array, where: string): Promise<TrustedServices> {
  const [{ TrustedRoot: Root }, { bundleFromJSON }, { toSignedEntity, toTrustMaterial, Verifier }] =
    await Promise.all([
      import('@sigstore/protobuf-specs'),
      import('@sigstore/bundle'),
      import('@sigstore/verify'),
    ])
  const root = understood(where, () => Root.fromJSON(parseDocument(bytes, where)))
  refuseEmpty(root, where)
  refuseEndless(root, where)
  const trustWith = (key?: VerificationKey): TrustMaterial =>
    toTrustMaterial(root, () => {
      if (key === undefined) throw new Error('no key is trusted here')
      return { publicKey: createPublicKey(key.pem), validFor: () => true }
    })
  const trust = understood(where, () => trustWith())
  const prove = (
    json: JsonObject,
    material: TrustMaterial,
    options: {
      readonly thresholds: ConstructorParameters<typeof Verifier>[1]
      readonly artifact?: Uint8Array
    },
  ) =>
    proved(() => {
      limitWitnesses(json)
      const bundle = bundleFromJSON(json)
      const { artifact } = options
      const entity = toSignedEntity(bundle, artifact === undefined ? undefined : Buffer.from(artifact))
      const signer = new Verifier(material, options.thresholds).verify(entity)
      return { signer, times: timesOf(entity) }
    })
  return {
    certified: (json, artifact) => {
      const thresholds = { ctlogThreshold: 1, tlogThreshold: 1, timestampThreshold: 1 }
      const { signer, times } = prove(json, trust, {
        thresholds,
        ...(artifact === undefined ? {} : { artifact }),
      })
      const { subjectAlternativeName: identity, extensions } = signer.identity ?? {}
      const issuer = extensions?.issuer
      if (identity === undefined || issuer === undefined)
        throw notProved('its certificate names no identity or no issuer')
      if (!isForCodeSigning(certificateOf(json))) throw notProved('its certificate is not for signing code')
      return { identity, issuer, time: earliest(times) } satisfies Certified
    },
    signedAt: (json, key) => {
      const thresholds = { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 }
      const { times } = prove(json, trustWith(key), { thresholds })
      return times.length === 0 ? undefined : earliest(times)
    },
  }
}

/** All fields are optional to the library, so that any other document would be a root that trusts nobody. */
function refuseEmpty(
  { tlogs, ctlogs, certificateAuthorities, timestampAuthorities }: TrustedRoot,
  where: string,
): void {
  if (tlogs.length + ctlogs.length + certificateAuthorities.length + timestampAuthorities.length === 0)
    throw badRoot(
      where,
      'expected at least one service in certificateAuthorities, tlogs, ctlogs or timestampAuthorities, none is there',
    )
}

/** Without a start what is trusted would count for all times before (sigstore_trustroot.proto, TransparencyLogInstance). */
function refuseEndless(root: TrustedRoot, where: string): void {
  const logs = [...root.tlogs, ...root.ctlogs].map(({ baseUrl, publicKey }) => ({
    what: `key of the log ${baseUrl}`,
    times: publicKey?.validFor,
  }))
  const authorities = [...root.certificateAuthorities, ...root.timestampAuthorities].map(
    ({ uri, validFor }) => ({ what: `authority ${uri}`, times: validFor }),
  )
  for (const { what, times } of [...logs, ...authorities]) {
    const name = what.slice(0, 120)
    if (times?.start === undefined) throw badRoot(where, `the ${name} has no validFor.start`)
    if (isNoTime(times.start)) throw badRoot(where, `the validFor.start of the ${name} is no time`)
    if (times.end !== undefined && isNoTime(times.end))
      throw badRoot(where, `the validFor.end of the ${name} is no time`)
  }
}

function isNoTime(date: Date): boolean {
  return Number.isNaN(date.getTime())
}

type Entity = Parameters<Verifier['verify']>[0]

/** The times that were proved: by timestamp authorities, and by logs that promised to include the entry. */
function timesOf({ timestamps }: Entity): Date[] {
  return timestamps.flatMap((each) => {
    if (each.$case === 'timestamp-authority') return [each.timestamp.signingTime]
    const { inclusionPromise, integratedTime } = each.tlogEntry
    return inclusionPromise === undefined ? [] : [new Date(Number(integratedTime) * 1000)]
  })
}

/** Every proved time has seen the signature: it was made before the first of them. */
function earliest(times: readonly Date[]): Date {
  const first = Math.min(...times.map((time) => time.getTime()))
  if (!Number.isFinite(first)) throw notProved('nothing proves when it was signed')
  return new Date(first)
}

function certificateOf(json: JsonObject): Uint8Array {
  const material = objectOf(json['verificationMaterial'], 'verificationMaterial')
  return signingCertificate(material, 'verificationMaterial') ?? new Uint8Array()
}

function limitWitnesses(json: JsonObject): void {
  const material = objectOf(json['verificationMaterial'], 'verificationMaterial')
  const stamps = material['timestampVerificationData']
  const lists = [
    material['tlogEntries'],
    stamps === undefined || stamps === null
      ? undefined
      : objectOf(stamps, 'timestampVerificationData')['rfc3161Timestamps'],
  ]
  for (const list of lists)
    if (Array.isArray(list) && list.length > witnessLimit)
      throw malformed('the bundle', `at most ${witnessLimit} log entries and timestamps`, `${list.length}`)
}

/** What the libraries say of a document from outside, whatever they throw, is a reason to refuse it. */
function proved<T>(prove: () => T): T {
  try {
    return prove()
  } catch (error) {
    if (error instanceof TemperError) throw error
    throw notProved(reasonOf(error), error)
  }
}

function understood<T>(where: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw badRoot(where, error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read', error)
  }
}

function badRoot(where: string, reason: string, cause?: unknown): TemperError {
  return new TemperError('bad-trust', `${where}: expected a Sigstore trusted root: ${reason}`, {
    hint: 'Get one from whoever runs the services.',
    next: { action: 'get-trusted-root' },
    cause,
  })
}

function notProved(reason: string, cause?: unknown): TemperError {
  return new TemperError('bad-attestation', reason, { cause })
}

/** By the codes of the library (verify, error.d.ts): what could not be proved. */
const reasons: Readonly<Record<string, string>> = {
  CERTIFICATE_ERROR: 'its certificate is not valid',
  TIMESTAMP_ERROR: 'no trusted service confirms when it was signed',
  TLOG_ERROR: 'it is not in a trusted log',
  TLOG_BODY_ERROR: 'its log entry is for something else',
  TLOG_INCLUSION_PROOF_ERROR: 'nothing proves that its log entry is in the log',
  TLOG_INCLUSION_PROMISE_ERROR: 'no trusted log promised to include it',
  TLOG_MISSING_INCLUSION_ERROR: 'its log entry has no proof',
  SIGNATURE_ERROR: 'its signature is wrong',
  PUBLIC_KEY_ERROR: 'its key is not trusted',
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it cannot be read'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const { cause } = error
  const detail = cause instanceof Error ? `${error.message}: ${cause.message}` : error.message
  const known = Object.hasOwn(reasons, code) ? `${reasons[code]} (` : 'its bundle cannot be read ('
  return `${known}${detail.slice(0, 200)})`
}
