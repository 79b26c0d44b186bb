import { type Digest, parseDigest } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { describeJson, parseJson } from '../base/json/parse.ts'
import { isObject, type JsonObject } from '../base/json/value.ts'

/** Deepest nesting of objects and arrays that a manifest, index or configuration may have. */
const depthLimit = 40

/** Parses JSON from outside: strict UTF-8, bounded nesting, an object at the top. Throws `bad-image`. */
export function parseJsonObject(bytes: Uint8Array, where: string): JsonObject {
  return asObject(parsed(bytes, where), where)
}

/** The same for a list of at most `limit` members at the top. */
export function parseJsonArray(bytes: Uint8Array, where: string, limit: number): readonly unknown[] {
  return asArray(parsed(bytes, where), where, limit)
}

function parsed(bytes: Uint8Array, where: string): unknown {
  const refuse = (found: string) => badImage(`${where}: expected JSON, found ${found}`)
  return parseJson(bytes, { where, depth: depthLimit, refuse })
}

export function asObject(value: unknown, where: string): JsonObject {
  if (!isObject(value)) throw badImage(`${where}: expected an object, found ${describeJson(value)}`)
  return value
}

export function asArray(value: unknown, where: string, limit: number): readonly unknown[] {
  if (!Array.isArray(value)) throw badImage(`${where}: expected a list, found ${describeJson(value)}`)
  if (value.length > limit)
    throw new TemperError(
      'limit-exceeded',
      `${where}: ${value.length} entries, more than the limit of ${limit}`,
    )
  return value
}

export function asString(value: unknown, where: string): string {
  if (typeof value !== 'string') throw badImage(`${where}: expected text, found ${describeJson(value)}`)
  return value
}

/** Absent and null (which Docker writes) both count as not given. */
export function optionalString(value: unknown, where: string): string | undefined {
  return value === undefined || value === null ? undefined : asString(value, where)
}

export function asSize(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw badImage(`${where}: expected a number of bytes, found ${describeJson(value)}`)
  return value
}

export function asDigest(value: unknown, where: string): Digest {
  return parseDigest(asString(value, where), where)
}

/** An object whose values are all text; undefined when absent, null or empty of members. */
export function optionalStrings(value: unknown, where: string): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) return undefined
  const entries = Object.entries(asObject(value, where))
  for (const [key, text] of entries) asString(text, `${where}, ${key}`)
  return Object.fromEntries(entries) as Record<string, string>
}

export function badImage(message: string): TemperError {
  return new TemperError('bad-image', message)
}
