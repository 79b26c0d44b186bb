import { tryUtf8 } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { type JsonOptions, parseJson } from '../../base/json/parse.ts'
import { isObject, type JsonObject, objectOf } from '../../base/json/value.ts'
import { textOf } from './json.ts'

/** Envelopes in envelopes: a bundle holds an envelope, that a statement, that a predicate, that perhaps a text. */
const layers = 6

/** What is told of names that a document has more than once; undefined refuses such a document. */
type Repeated = JsonOptions['repeated']

export interface Unwrapped {
  readonly document: JsonObject
  /** Whether it was inside signed envelopes, whose signatures were not checked. */
  readonly signed: boolean
}

/**
 * Takes a document out of what it may be wrapped in: Sigstore bundles, DSSE envelopes, in-toto statements (also with
 * the document as text or in a member "Data", as cosign once made them), the answer of GitHub's API, and what buildx prints.
 */
export function unwrap(value: JsonObject, what: string, repeated?: Repeated): Unwrapped {
  let document = value
  let signed = false
  for (let i = 0; i < layers; i++) {
    const inner = opened(document, what, repeated)
    if (inner === undefined) return { document, signed }
    if ('payload' in document || 'dsseEnvelope' in document) signed = true
    document = inner
  }
  throw new TemperError('bad-sbom', `${what}: more than ${layers} nested envelopes`)
}

function opened(value: JsonObject, what: string, repeated: Repeated): JsonObject | undefined {
  const bundle = objectOf(value['dsseEnvelope'])
  if (bundle !== undefined) return bundle
  if (typeof value['payload'] === 'string' && typeof value['payloadType'] === 'string')
    return payload(value['payload'], what, repeated)
  if (textOf(value['_type'])?.startsWith('https://in-toto.io/Statement/') === true)
    return documentOfPredicate(value['predicate'], what, repeated)
  const answer = objectOf(value['sbom'])
  if (answer !== undefined && 'spdxVersion' in answer) return answer
  return printedByBuildx(value, what)
}

/**
 * The document that a statement about it holds as its predicate. cosign once put it into a member "Data", there also as
 * text. Throws `bad-sbom`.
 */
export function documentOfPredicate(predicate: unknown, what: string, repeated?: Repeated): JsonObject {
  const data = isObject(predicate) && 'Data' in predicate ? predicate['Data'] : predicate
  return typeof data === 'string' ? parseObject(data, what, repeated) : (objectOf(data) ?? noObject(what))
}

/**
 * What buildx's `imagetools inspect` prints with the template `{{json .SBOM}}`: the document in a member "SPDX", for several
 * platforms under the name of each. Those of the stages of a build (`AdditionalSPDXs`) are not about the image.
 */
function printedByBuildx(value: JsonObject, what: string): JsonObject | undefined {
  const document = objectOf(value['SPDX'])
  if (document !== undefined && 'spdxVersion' in document) return document
  const platforms = Object.keys(value)
  if (!platforms.every((each) => /^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9.]+)?$/.test(each))) return undefined
  const [first, ...others] = platforms
  if (first === undefined) return undefined
  if (others.length === 0) return objectOf(value[first])
  throw new TemperError(
    'bad-sbom',
    `${what}: expected one bill of materials, found those of ${platforms.join(', ')}`,
    { hint: `Have it print one of them: {{json (index .SBOM "${first}")}}.` },
  )
}

function payload(base64: string, what: string, repeated: Repeated): JsonObject {
  const text = tryUtf8(Buffer.from(base64, 'base64'))
  if (text === undefined)
    throw new TemperError('bad-sbom', `${what}: the payload of the envelope is not UTF-8`)
  return parseObject(text, `${what}, payload`, repeated)
}

export function parseObject(text: string, what: string, repeated?: Repeated): JsonObject {
  const refuse = (found: string) => new TemperError('bad-sbom', `${what}: expected JSON, found ${found}`)
  const options = { where: what, depth: Number.POSITIVE_INFINITY, refuse }
  const value = parseJson(text, repeated === undefined ? options : { ...options, repeated })
  return objectOf(value) ?? noObject(what)
}

function noObject(what: string): never {
  throw new TemperError('bad-sbom', `${what}: expected a JSON object`)
}
