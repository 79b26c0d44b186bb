import { LineCounter, parseDocument, visit } from 'yaml'
import { TemperError } from '../../../base/error.ts'
import { describeJson } from '../../../base/json/parse.ts'
import { type JsonObject, objectOf } from '../../../base/json/value.ts'
import { repeatedKey } from '../../../formats/yaml-keys.ts'

/** A parsed text takes some fifty times its size in memory: more than what any tool writes as YAML. */
const yamlLimit = 32 << 20

/**
 * Reads SPDX 2 as YAML, which has the members of the JSON format (SPDX 2.3, annex "formats"). Aliases are not
 * allowed, since they let short texts stand for long ones. Throws `bad-sbom` with the line, `limit-exceeded`.
 */
export function parseSpdxYaml(text: string, what: string): JsonObject {
  if (text.length > yamlLimit)
    throw new TemperError('limit-exceeded', `${what}: larger than the limit of ${yamlLimit} bytes for YAML`)
  const lineCounter = new LineCounter()
  // Dates stay texts, as they are in JSON.
  const document = parseDocument(text, {
    lineCounter,
    schema: 'core',
    strict: false,
    uniqueKeys: false,
    logLevel: 'silent',
  })
  const [error] = document.errors
  if (error !== undefined)
    throw new TemperError(
      'bad-sbom',
      `${what}, line ${lineCounter.linePos(error.pos[0]).line}: this is not valid YAML`,
      {
        cause: error,
      },
    )
  visit(document, {
    Alias: () => {
      throw new TemperError('bad-sbom', `${what}: YAML with aliases is not read`)
    },
  })
  const repeated = repeatedKey(document)
  if (repeated !== undefined)
    throw new TemperError(
      'bad-sbom',
      `${what}, line ${lineCounter.linePos(repeated.offset).line}: the key ${describeJson(repeated.name)} is there twice`,
    )
  return objectOf(document.toJS()) ?? {}
}
