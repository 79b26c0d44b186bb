import { isObject, type JsonObject } from '../../base/json/value.ts'

/** Longer texts in a document carry whole licences; nothing that is read here is longer. */
const textLimit = 64 * 1024

/** Those members of a list that are objects. */
export function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** A text with something in it, without white space around it. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > textLimit) return undefined
  const text = value.trim()
  return text === '' ? undefined : text
}

/** Those members of a list that are texts; a text alone is a list of one. */
export function textsIn(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value]
  return list.flatMap((member) => textOf(member) ?? [])
}
