import { type Digest, hexOf } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import type { JsonObject } from '../../base/json/value.ts'
import type { ResourceDescriptor, Statement } from '../../model/attestation.ts'
import { listOf, malformed, objectOf, parseDocument, textOf } from '../json-document.ts'

/** in-toto attestation framework, statement.md. */
const statementType = 'https://in-toto.io/Statement/v1'
/** What older tools write; the members that matter are the same. */
const olderType = 'https://in-toto.io/Statement/v0.1'

/** Most subjects of one statement: an index and its platforms are a few dozen. */
const subjectLimit = 1000

/** A statement about images. */
export function makeStatement(
  subject: readonly ResourceDescriptor[],
  claim: { readonly predicateType: string; readonly predicate: JsonObject },
): Statement {
  return { _type: statementType, subject, ...claim }
}

/** The bytes of a statement, equal for equal statements. */
export function statementBytes(statement: Statement): Uint8Array {
  return Buffer.from(canonicalJson(statement))
}

/** The digest of a subject as statements write it. */
export function digestSet(digest: Digest): Readonly<Record<string, string>> {
  return { sha256: hexOf(digest) }
}

/** Reads a statement from outside. Throws `bad-attestation`, `limit-exceeded`. */
export function parseStatement(bytes: Uint8Array, where: string): Statement {
  return readStatement(parseDocument(bytes, where), where)
}

/**
 * Reads a statement that is beside an image in its index. BuildKit writes an empty list of subjects for an image
 * without a name, since the index says what the statement is about.
 */
export function parseBesideStatement(bytes: Uint8Array, where: string, image: Digest): Statement {
  const json = parseDocument(bytes, where)
  const { subject } = json
  const isSilent = Array.isArray(subject) && subject.length === 0
  return readStatement(isSilent ? { ...json, subject: [{ digest: digestSet(image) }] } : json, where)
}

function readStatement(json: JsonObject, where: string): Statement {
  const type = textOf(json['_type'], `${where}, _type`)
  if (type !== statementType && type !== olderType)
    throw malformed(`${where}, _type`, `"${statementType}"`, `"${type.slice(0, 100)}"`)
  const predicate = json['predicate']
  return {
    _type: type,
    subject: listOf(json['subject'], `${where}, subject`, subjectLimit).map((each, i) =>
      readSubject(each, `${where}, subject ${i + 1}`),
    ),
    predicateType: textOf(json['predicateType'], `${where}, predicateType`),
    ...(predicate === undefined || predicate === null
      ? {}
      : { predicate: objectOf(predicate, `${where}, predicate`) }),
  }
}

function readSubject(value: unknown, where: string): ResourceDescriptor {
  const json = objectOf(value, where)
  const digest: Record<string, string> = {}
  for (const [algorithm, hex] of Object.entries(objectOf(json['digest'], `${where}, digest`)))
    digest[algorithm] = textOf(hex, `${where}, digest`)
  const { name } = json
  return { ...(typeof name === 'string' && name !== '' ? { name } : {}), digest }
}

/** Whether the statement is about an image. Only SHA-256 counts, since the image was fetched by it. */
export function isAbout(statement: Statement, digest: Digest): boolean {
  return statement.subject.some((subject) => subject.digest?.['sha256'] === hexOf(digest))
}

/**
 * The names that the signer gives to the image with this digest, each once. The names of other subjects say nothing
 * about it.
 */
export function namesOf(statement: Statement, digest: Digest): readonly string[] {
  const names = statement.subject.flatMap(({ name, digest: own }) =>
    name === undefined || own?.['sha256'] !== hexOf(digest) ? [] : [name.slice(0, 500)],
  )
  return [...new Set(names)]
}

/** What a statement is about, for messages. */
export function subjectText(statement: Statement): string {
  const [first, ...others] = statement.subject
  const hex = first?.digest?.['sha256']
  const shown = hex === undefined ? 'something without a SHA-256 digest' : `sha256:${hex.slice(0, 64)}`
  return others.length === 0 ? shown : `${shown} and ${others.length} more`
}
