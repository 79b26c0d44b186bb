import { LineCounter, parseDocument, visit } from 'yaml'
import { TemperError } from '../base/error.ts'
import { describeJson } from '../base/json/parse.ts'
import { isObject, type JsonObject } from '../base/json/value.ts'
import { repeatedKey } from '../formats/yaml-keys.ts'

/** A parsed text takes some fifty times its size in memory. */
const limit = 16 << 20

/**
 * A lock file that is one map of YAML; every scalar is a text. No aliases: short texts that stand for long ones. Throws
 * `bad-recipe` with the line, `limit-exceeded`.
 */
export function readLockYaml(text: string, file: string): JsonObject {
  if (text.length > limit)
    throw new TemperError('limit-exceeded', `${file}: larger than ${limit} bytes, the limit for YAML`)
  const lineCounter = new LineCounter()
  const at = (offset: number) => `${file}, line ${lineCounter.linePos(offset).line}`
  try {
    // Looking for equal keys is quadratic in this library.
    const document = parseDocument(text, {
      lineCounter,
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    })
    const [error] = document.errors
    if (error !== undefined)
      throw new TemperError('bad-recipe', `${at(error.pos[0])}: this is not valid YAML`, { cause: error })
    visit(document, {
      Alias: (_, { range }) => {
        throw new TemperError(
          'bad-recipe',
          `${at(range?.[0] ?? 0)}: YAML aliases are not supported in lock files`,
        )
      },
    })
    const repeated = repeatedKey(document)
    if (repeated !== undefined)
      throw new TemperError(
        'bad-recipe',
        `${at(repeated.offset)}: the key ${describeJson(repeated.name)} is there twice in one map`,
      )
    const value: unknown = document.toJS()
    if (isObject(value)) return value
  } catch (error) {
    if (error instanceof RangeError) throw new TemperError('limit-exceeded', `${file}: nested too deeply`)
    throw error
  }
  throw new TemperError('bad-recipe', `${file}: expected a map of YAML, found something else`)
}
