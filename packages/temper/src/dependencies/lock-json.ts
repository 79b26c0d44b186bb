import { TemperError } from '../base/error.ts'
import { describeJson, parseJson } from '../base/json/parse.ts'
import { isObject, type JsonObject } from '../base/json/value.ts'

/** Most levels of a lock file: nested dependencies of npm are a flat list since version 2. */
const depthLimit = 100

/** A lock file that is a JSON object. Throws `bad-recipe` and `limit-exceeded`. */
export function readLockJson(text: string, file: string): JsonObject {
  const refuse = (found: string) =>
    new TemperError('bad-recipe', `${file}: expected a JSON object, found ${found}`)
  const value = parseJson(text, { where: file, depth: depthLimit, refuse })
  if (isObject(value)) return value
  throw refuse(describeJson(value))
}
