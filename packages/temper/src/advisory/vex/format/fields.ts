import { describeJson } from '../../../base/json/parse.ts'
import { vexLimits } from './limits.ts'

/** A member of parsed JSON, checked to be an object. */
export type Fields = Readonly<Record<string, unknown>>

/**
 * The error for a part of a document that cannot be used. It is caught at the end of that part, and the rest of the
 * document counts.
 */
export class Unusable extends Error {}

export function fieldsOf(value: unknown, what: string): Fields {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new Unusable(`${what}: expected an object, found ${describeJson(value)}`)
  return value as Fields
}

/** The member of an object, never of its prototype. */
export function member(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined
}

/** A list that may be missing. */
export function optionalList(fields: Fields, key: string): readonly unknown[] {
  const value = member(fields, key)
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new Unusable(`"${key}": expected a list, found ${describeJson(value)}`)
  return value
}

/** Objects of a list that may be missing; other items are not usable. */
export function optionalObjects(fields: Fields, key: string): readonly Fields[] {
  return optionalList(fields, key).map((value) => fieldsOf(value, `"${key}"`))
}

/** An id: one line without white space at its ends, and not too long. */
export function identifierOf(value: unknown, what: string): string {
  const identifier = optionalIdentifier(value, what)
  if (identifier === undefined) throw new Unusable(`${what}: expected text, found ${describeJson(value)}`)
  return identifier
}

export function optionalIdentifier(value: unknown, what: string): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw new Unusable(`${what}: expected text, found ${describeJson(value)}`)
  if (value.length > vexLimits.identifier)
    throw new Unusable(`${what}: longer than ${vexLimits.identifier} characters`)
  const text = value.trim()
  return text === '' ? undefined : text
}

/** Free text, cut when it is very long; anything else counts as absent. */
export function freeText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.slice(0, vexLimits.text).trim()
  return text === '' ? undefined : text
}

/** A time as RFC 3339 in UTC, so that times compare as text; undefined when it is not one. */
export function timeOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 60) return undefined
  if (!/^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?)?$/.test(value))
    return undefined
  // Without a zone it is taken as UTC, whatever the zone of the machine.
  const text = /([Zz]|[+-]\d{2}:?\d{2})$/.test(value) || value.length === 10 ? value : `${value}Z`
  const time = new Date(text.replace(' ', 'T').toUpperCase())
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString()
}
