import { TemperError } from '../../base/error.ts'
import { assertJsonDepth } from '../../base/json-depth.ts'

/** Most bytes of a manifest or a lock that is text. */
export const textLimit = 64 << 20

/** Deeper JSON is no manifest: version 1 of npm's lock nests a few dozen levels at most. */
const depthLimit = 200

/** UTF-8, or UTF-16 with a byte order mark as .NET's tools write it at times. What is neither becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(bytes)
}

/** Reads JSON; an error (`bad-archive`, `limit-exceeded`) where it is none. */
export function parseJson(text: string, where: string): unknown {
  assertJsonDepth(text, { limit: depthLimit, where })
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new TemperError('bad-archive', `${where}: this is not JSON`, { cause: error })
  }
}

export type JsonObject = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The members of an object; none for anything else. */
export function membersOf(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : []
}

export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Only the member that the document itself has. */
export function memberOf(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}
