import { TemperError } from '../../base/error.ts'
import { parseJson } from '../../base/json/parse.ts'
import { type JsonObject, objectOf } from '../../base/json/value.ts'

const depthLimit = 64

/** Parses a whole JSON document, which must be an object. Throws `bad-index`. */
export function parseDocument(bytes: Uint8Array, what: string): JsonObject {
  const refuse = (found: string) => notThat(what, found)
  const object = objectOf(parseJson(bytes, { where: what, depth: depthLimit, refuse }))
  if (object === undefined) throw refuse('no object')
  return object
}

/** Parses one record of a feed, which is left out when it cannot be read. Throws SyntaxError and `limit-exceeded`. */
export function parseRecord(text: string, where: string): unknown {
  return parseJson(text, { where, depth: depthLimit, refuse: (found) => new SyntaxError(found) })
}

/** The `bad-index` error for a feed that cannot be used at all. */
export function notThat(what: string, found: string): TemperError {
  return new TemperError('bad-index', `${what}: not a readable feed: ${found}`, {
    hint: 'It is damaged, incomplete, or a different kind of file. Fetch it again; docs/how-to/feeds.md says what can be read.',
  })
}
