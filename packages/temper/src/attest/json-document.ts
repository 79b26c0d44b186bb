import { TemperError } from '../base/error.ts'
import { describeJson, parseJson } from '../base/json/parse.ts'
import { isObject, type JsonObject } from '../base/json/value.ts'

/** Deepest nesting of a statement, envelope or bundle; SBOMs stay far below it. */
const depthLimit = 64

/** Limit on the bytes of one document: the signed SBOM of an image with 100,000 files has about 90 MB. */
export const documentLimit = 128 << 20

/** Parses a JSON object from outside: bounded, strict UTF-8. Throws `bad-attestation` and `limit-exceeded`. */
export function parseDocument(bytes: Uint8Array, where: string): JsonObject {
  if (bytes.length > documentLimit) {
    throw new TemperError(
      'limit-exceeded',
      `${where}: ${bytes.length} bytes, more than the limit of ${documentLimit}`,
    )
  }
  const refuse = (found: string) => malformed(where, 'JSON', found)
  return objectOf(parseJson(bytes, { where, depth: depthLimit, refuse }), where)
}

export function objectOf(value: unknown, where: string): JsonObject {
  if (!isObject(value)) throw malformed(where, 'an object', describeJson(value))
  return value
}

/** Reads a list of 1 to `most` members. */
export function listOf(value: unknown, where: string, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0)
    throw malformed(where, 'a list that is not empty', describeJson(value))
  if (value.length > most) throw malformed(where, `at most ${most} members`, `${value.length}`)
  return value
}

/** Reads a text of 1 to `most` characters. */
export function textOf(value: unknown, where: string, most = 1000): string {
  if (typeof value !== 'string' || value === '' || value.length > most)
    throw malformed(where, `text of 1 to ${most} characters`, describeJson(value))
  return value
}

/** Reads base64 in either alphabet, with or without padding (RFC 4648), and nothing else. */
export function base64Of(value: unknown, where: string): Uint8Array {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(value))
    throw malformed(where, 'base64', describeJson(value))
  const bytes = Buffer.from(value, 'base64')
  // One text for one value: what is left over after the last whole byte has to be zero.
  const plain = value.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/')
  if (bytes.toString('base64').replace(/=+$/, '') !== plain)
    throw malformed(where, 'base64', describeJson(value))
  return bytes
}

export function malformed(where: string, expected: string, found: string): TemperError {
  return new TemperError('bad-attestation', `${where}: expected ${expected}, found ${found}`)
}
