import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import {
  type Certified,
  type Envelope,
  evidenceTypes,
  predicateTypes,
  type Statement,
  type Trust,
  unsignedReason,
} from '../../model/attestation.ts'
import { type Bundle, keyOfHint, parseBundle } from '../envelope/bundle.ts'
import { parseEnvelope, preAuthEncoding } from '../envelope/dsse.ts'
import { certifiedBundle, type OlderMaterial } from '../envelope/older-material.ts'
import { parseSimpleSigning } from '../envelope/simple-signing.ts'
import { base64Of } from '../json-document.ts'
import { claimedIdentity } from '../sigstore/certificate.ts'
import { isAbout, namesOf, parseBesideStatement, parseStatement, subjectText } from '../statement/in-toto.ts'

/** What a piece of evidence is checked against. */
export interface Expectation {
  /** The image that it is attached to. */
  readonly subject: Digest
  /** Trusts nobody when the evidence is only listed. */
  readonly trust: Trust
  /** How errors name the document. */
  readonly where: string
  /**
   * Set when the document is beside its image in an index, which says what it is about; an unsigned one need not
   * repeat that.
   */
  readonly place?: 'beside'
}

/** The result of checking a document. */
export interface CheckedDocument {
  readonly type: string
  readonly signers: readonly string[]
  /** Ids of the trusted keys and identities that signed it. */
  readonly vouchers: readonly string[]
  readonly verified: boolean
  readonly reason: string
  readonly time?: string
  readonly names?: readonly string[]
  readonly statement?: Statement
}

/** Checks a Sigstore bundle. Its content never makes this throw. */
export function checkBundle(bytes: Uint8Array, expected: Expectation): CheckedDocument {
  return judged('unknown', () => {
    const bundle = parseBundle(bytes, expected.where)
    const { material } = bundle
    if (material.kind === 'certificate') return checkCertified(bundle, material.der, expected)
    const claimed = material.hint === '' ? [] : [keyOfHint(material.hint)]
    const verdict = checkEnvelope(bundle.envelope, claimed, expected)
    const time = verdict.verified ? provedTime(bundle, verdict, expected) : undefined
    return time === undefined ? verdict : { ...verdict, time: time.toISOString() }
  })
}

/**
 * Checks a bare DSSE envelope, as in cosign's older attestations. Every signature has to be good. `material` is what
 * vouches for the key of an identity.
 */
export function checkDsse(
  bytes: Uint8Array,
  expected: Expectation,
  material?: OlderMaterial,
): CheckedDocument {
  return judged('unknown', () => {
    const envelope = parseEnvelope(bytes, expected.where)
    if (material !== undefined) {
      const bundle = certifiedBundle(material, { envelope, where: expected.where })
      return checkCertified({ envelope, json: bundle.json }, bundle.der, expected)
    }
    const claimed = envelope.signatures.flatMap(({ keyId }) => (keyId === undefined ? [] : [keyId]))
    return checkEnvelope(envelope, claimed, expected)
  })
}

/** Checks a statement that nobody signed. */
export function checkStatement(bytes: Uint8Array, expected: Expectation): CheckedDocument {
  return judged('unknown', () => {
    const statement =
      expected.place === 'beside'
        ? parseBesideStatement(bytes, expected.where, expected.subject)
        : parseStatement(bytes, expected.where)
    if (!isAbout(statement, expected.subject))
      return refusal(statement, { expected, signers: [] }, aboutAnother(statement))
    return refusal(statement, { expected, signers: [] }, unsignedReason)
  })
}

/** A signature of cosign's older scheme: the payload, and what accompanies it. */
export interface OlderSignature {
  readonly payload: Uint8Array
  /** Base64. */
  readonly signature: string | undefined
  readonly material?: OlderMaterial
}

/** Checks a signature of cosign's older scheme. */
export function checkSimpleSigning(older: OlderSignature, expected: Expectation): CheckedDocument {
  const type = predicateTypes.signature
  return judged(type, () => {
    const { trust, where } = expected
    const { payload, material } = older
    const signature = base64Of(older.signature, `${where}, signature`)
    const signed = parseSimpleSigning(payload, where)
    const names = signed.identity === '' ? {} : { names: [signed.identity] }
    const no = (reason: string, signers: readonly string[] = []): CheckedDocument => ({
      type,
      signers,
      vouchers: [],
      verified: false,
      reason,
      ...names,
    })
    if (signed.digest !== expected.subject) return no(`it is about ${signed.digest}, not about this image`)
    if (material !== undefined) {
      const { json, der } = certifiedBundle(material, { payload, signature, where })
      if (trust.services === undefined || trust.identities.length === 0)
        return no(noIdentity, claimedIdentity(der))
      return { type, ...vouched(trust.services.certified(json, payload), trust), ...names }
    }
    if (trust.keys.length === 0) return no(noKeyReason(trust))
    const signer = trust.keys.find((key) => key.verify(payload, signature))
    if (signer === undefined) return no('no trusted key made this signature')
    return { type, signers: [signer.id], vouchers: [signer.id], verified: true, reason: goodKey, ...names }
  })
}

const noIdentity = 'it is signed with a certificate, but no trusted identity was named'
const goodKey = 'signed with a trusted key'
const goodIdentity = 'signed by a trusted identity'

function noKeyReason(trust: Trust): string {
  return trust.identities.length === 0
    ? 'it is signed, but no key was given to verify it'
    : 'it is signed with a key, but only identities are trusted'
}

function checkEnvelope(
  envelope: Envelope,
  claimed: readonly string[],
  expected: Expectation,
): CheckedDocument {
  const { keys } = expected.trust
  const statement = statementOf(envelope, expected)
  if (!isAbout(statement, expected.subject))
    return refusal(statement, { expected, signers: claimed }, aboutAnother(statement))
  if (keys.length === 0)
    return refusal(statement, { expected, signers: claimed }, noKeyReason(expected.trust))
  const signed = preAuthEncoding(envelope.payloadType, envelope.payload)
  const signers = new Set<string>()
  for (const [i, { signature }] of envelope.signatures.entries()) {
    const key = keys.find((each) => each.verify(signed, signature))
    if (key === undefined) {
      const which =
        envelope.signatures.length === 1
          ? 'this signature'
          : `signature ${i + 1} of ${envelope.signatures.length}`
      return refusal(statement, { expected, signers: claimed }, `no trusted key made ${which}`)
    }
    signers.add(key.id)
  }
  const ids = [...signers]
  return { ...about(statement, expected), signers: ids, vouchers: ids, verified: true, reason: goodKey }
}

function checkCertified(
  bundle: Pick<Bundle, 'envelope' | 'json'>,
  der: Uint8Array,
  expected: Expectation,
): CheckedDocument {
  const { trust } = expected
  const statement = statementOf(bundle.envelope, expected)
  const claimed = claimedIdentity(der)
  if (!isAbout(statement, expected.subject))
    return refusal(statement, { expected, signers: claimed }, aboutAnother(statement))
  if (trust.services === undefined || trust.identities.length === 0)
    return refusal(statement, { expected, signers: claimed }, noIdentity)
  try {
    return { ...about(statement, expected), ...vouched(trust.services.certified(bundle.json), trust) }
  } catch (error) {
    if (!isBadDocument(error)) throw error
    return refusal(statement, { expected, signers: claimed }, error.message)
  }
}

/** What a proved identity is worth to those who trust some. */
function vouched(
  signer: Certified,
  trust: Trust,
): Pick<CheckedDocument, 'signers' | 'vouchers' | 'verified' | 'reason' | 'time'> {
  const vouchers = trust.identities.filter((each) => each.accepts(signer)).map(({ id }) => id)
  const name = `${signer.identity} (${signer.issuer})`
  const verified = vouchers.length > 0
  const reason = verified ? goodIdentity : `it is signed by ${name}, who is not trusted`
  return { signers: [name], vouchers, verified, reason, time: signer.time.toISOString() }
}

/** When at the latest a key made a good signature; a witness that is not trusted does not count. */
function provedTime(
  { json }: Bundle,
  { signers }: CheckedDocument,
  { trust: { services, keys } }: Expectation,
): Date | undefined {
  const key = keys.find(({ id }) => signers.includes(id))
  if (services === undefined || key === undefined) return undefined
  try {
    return services.signedAt(json, key)
  } catch (error) {
    if (isBadDocument(error)) return undefined
    throw error
  }
}

function statementOf(envelope: Envelope, { where }: Expectation): Statement {
  if (envelope.payloadType !== evidenceTypes.statement) {
    throw new TemperError(
      'bad-attestation',
      `${where}: expected a signed ${evidenceTypes.statement}, found "${envelope.payloadType}"`,
    )
  }
  return parseStatement(envelope.payload, `${where}, payload`)
}

function aboutAnother(statement: Statement): string {
  return `it is about ${subjectText(statement)}, not about this image`
}

function refusal(
  statement: Statement,
  { expected, signers }: { readonly expected: Expectation; readonly signers: readonly string[] },
  reason: string,
): CheckedDocument {
  return { ...about(statement, expected), signers, vouchers: [], verified: false, reason }
}

function about(
  statement: Statement,
  { subject }: Expectation,
): Pick<CheckedDocument, 'type' | 'names' | 'statement'> {
  const names = namesOf(statement, subject)
  return { type: statement.predicateType, statement, ...(names.length === 0 ? {} : { names }) }
}

/** Codes of errors that say that a document is bad, and not that something else went wrong. */
const badDocument = new Set(['bad-attestation', 'limit-exceeded'])

function isBadDocument(error: unknown): error is TemperError {
  return error instanceof TemperError && badDocument.has(error.code)
}

function judged(type: string, judge: () => CheckedDocument): CheckedDocument {
  try {
    return judge()
  } catch (error) {
    if (!isBadDocument(error)) throw error
    return { type, signers: [], vouchers: [], verified: false, reason: error.message }
  }
}
