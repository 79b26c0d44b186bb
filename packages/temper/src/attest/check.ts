import type { Digest } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import {
  type Envelope,
  evidenceTypes,
  predicateTypes,
  type Statement,
  type VerificationKey,
} from '../model/attestation.ts'
import { keyOfHint, parseBundle } from './bundle.ts'
import { parseEnvelope, preAuthEncoding } from './dsse.ts'
import { isAbout, parseStatement, subjectText } from './in-toto.ts'
import { base64Of } from './json-document.ts'
import { parseSimpleSigning } from './simple-signing.ts'

/** What a piece of evidence has to agree with. */
export interface Expectation {
  /** The image that it is attached to. */
  readonly subject: Digest
  /** Who is trusted; none when only to look. */
  readonly keys: readonly VerificationKey[]
  /** How errors name the document. */
  readonly where: string
}

/** What a document turned out to be. */
export interface Verdict {
  readonly type: string
  readonly signers: readonly string[]
  readonly verified: boolean
  readonly reason: string
  readonly statement?: Statement
}

/** Judges a Sigstore bundle. Never throws because of what is in it. */
export function checkBundle(bytes: Uint8Array, expected: Expectation): Verdict {
  return judged('unknown', () => {
    const { envelope, material } = parseBundle(bytes, expected.where)
    const claimed = material.kind === 'public-key' && material.hint !== '' ? [keyOfHint(material.hint)] : []
    if (material.kind === 'public-key') return checkEnvelope(envelope, claimed, expected)
    const statement = statementOf(envelope, expected)
    return refusal(statement, [], 'it is signed with a certificate, and only keys were given to trust')
  })
}

/** Judges a bare DSSE envelope, as cosign's older attestations are. Every signature has to be good. */
export function checkDsse(bytes: Uint8Array, expected: Expectation): Verdict {
  return judged('unknown', () => {
    const envelope = parseEnvelope(bytes, expected.where)
    const claimed = envelope.signatures.flatMap(({ keyId }) => (keyId === undefined ? [] : [keyId]))
    return checkEnvelope(envelope, claimed, expected)
  })
}

/** Judges a statement that nobody signed. */
export function checkStatement(bytes: Uint8Array, expected: Expectation): Verdict {
  return judged('unknown', () => {
    const statement = parseStatement(bytes, expected.where)
    if (!isAbout(statement, expected.subject)) return refusal(statement, [], aboutAnother(statement))
    return refusal(statement, [], 'it is not signed')
  })
}

/** Judges a signature of cosign's older scheme: the payload, and the signature beside it. */
export function checkSimpleSigning(
  payload: Uint8Array,
  signatureText: string | undefined,
  expected: Expectation,
): Verdict {
  const type = predicateTypes.signature
  return judged(type, () => {
    const signature = base64Of(signatureText, `${expected.where}, signature`)
    const signer = expected.keys.find((key) => key.verify(payload, signature))
    const no = (reason: string): Verdict => ({ type, signers: [], verified: false, reason })
    const signed = parseSimpleSigning(payload, expected.where)
    if (signed.digest !== expected.subject) return no(`it is about ${signed.digest}, not about this image`)
    if (expected.keys.length === 0) return no(noKey)
    if (signer === undefined) return no('no trusted key made this signature')
    return { type, signers: [signer.id], verified: true, reason: goodReason }
  })
}

const noKey = 'it is signed, but no key to verify it with was given'
const goodReason = 'signed with a trusted key'

function checkEnvelope(envelope: Envelope, claimed: readonly string[], expected: Expectation): Verdict {
  const statement = statementOf(envelope, expected)
  if (!isAbout(statement, expected.subject)) return refusal(statement, claimed, aboutAnother(statement))
  if (expected.keys.length === 0) return refusal(statement, claimed, noKey)
  const signed = preAuthEncoding(envelope.payloadType, envelope.payload)
  const signers: Digest[] = []
  for (const [i, { signature }] of envelope.signatures.entries()) {
    const key = expected.keys.find((each) => each.verify(signed, signature))
    if (key === undefined) {
      const which =
        envelope.signatures.length === 1
          ? 'this signature'
          : `signature ${i + 1} of ${envelope.signatures.length}`
      return refusal(statement, claimed, `no trusted key made ${which}`)
    }
    signers.push(key.id)
  }
  return {
    type: statement.predicateType,
    signers: [...new Set(signers)],
    verified: true,
    reason: goodReason,
    statement,
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

function refusal(statement: Statement, signers: readonly string[], reason: string): Verdict {
  return { type: statement.predicateType, signers, verified: false, reason, statement }
}

/** Codes of errors that say that a document is bad, and not that something else went wrong. */
const badDocument = new Set(['bad-attestation', 'limit-exceeded'])

function judged(type: string, judge: () => Verdict): Verdict {
  try {
    return judge()
  } catch (error) {
    if (!(error instanceof TemperError) || !badDocument.has(error.code)) throw error
    return { type, signers: [], verified: false, reason: error.message }
  }
}
