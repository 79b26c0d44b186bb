import { tryUtf8 } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { assertJsonDepth } from '../../base/json/depth.ts'
import { type JsonObject, objectOf } from '../../base/json/value.ts'

const depthLimit = 64

/** A whole JSON document that must be an object. Throws `bad-index`. */
export function parseDocument(bytes: Uint8Array, what: string): JsonObject {
  const text = tryUtf8(bytes)
  if (text === undefined) throw notThat(what, 'it is not UTF-8')
  assertJsonDepth(text, { limit: depthLimit, where: what })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw notThat(what, error instanceof Error ? error.message.slice(0, 100) : 'it is no JSON')
  }
  const object = objectOf(value)
  if (object === undefined) throw notThat(what, 'it is no object')
  return object
}

/** `bad-index` for a feed that cannot be used as a whole. */
export function notThat(what: string, found: string): TemperError {
  return new TemperError('bad-index', `${what}: not a feed that can be read: ${found}`, {
    hint: 'It is damaged, incomplete or of another kind. Fetch it again; docs/how-to/feeds.md says what can be read.',
  })
}
