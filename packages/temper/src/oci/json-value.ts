import { tryUtf8 } from '../base/bytes.ts'
import { type Digest, parseDigest } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { assertJsonDepth } from '../base/json/depth.ts'

/** Deepest nesting of objects and arrays that a manifest, index or configuration may have. */
const depthLimit = 40

export type JsonObject = Readonly<Record<string, unknown>>

/** Parses JSON from outside: strict UTF-8, bounded nesting, an object at the top. Throws `bad-image`. */
export function parseJsonObject(bytes: Uint8Array, where: string): JsonObject {
  const text = tryUtf8(bytes)
  if (text === undefined) throw badImage(`${where}: it is not UTF-8 text`)
  assertJsonDepth(text, { limit: depthLimit, where })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw badImage(`${where}: it is not JSON (${(error as Error).message.slice(0, 100)})`)
  }
  return asObject(value, where)
}

export function asObject(value: unknown, where: string): JsonObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw badImage(`${where}: expected an object, found ${describe(value)}`)
  return value as JsonObject
}

export function asArray(value: unknown, where: string, limit: number): readonly unknown[] {
  if (!Array.isArray(value)) throw badImage(`${where}: expected a list, found ${describe(value)}`)
  if (value.length > limit)
    throw new TemperError(
      'limit-exceeded',
      `${where}: ${value.length} entries, more than the limit of ${limit}`,
    )
  return value
}

export function asString(value: unknown, where: string): string {
  if (typeof value !== 'string') throw badImage(`${where}: expected a text, found ${describe(value)}`)
  return value
}

/** Absent and null (which Docker writes) both count as not given. */
export function optionalString(value: unknown, where: string): string | undefined {
  return value === undefined || value === null ? undefined : asString(value, where)
}

export function asSize(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw badImage(`${where}: expected a number of bytes, found ${describe(value)}`)
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

function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  return (JSON.stringify(value) ?? typeof value).slice(0, 60)
}
