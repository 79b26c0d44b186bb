/** A JSON Schema, or a part of one. */
export type Json = Readonly<Record<string, unknown>>

export const text = (description: string): Json => ({ type: 'string', description })
export const orNull = (type: string, description: string): Json => ({ type: [type, 'null'], description })
export const count = (description: string): Json => ({ type: 'integer', minimum: 0, description })
export const list = (items: Json, description: string): Json => ({ type: 'array', items, description })
export const flag = (description: string): Json => ({ type: 'boolean', description })

/** An object whose members are always present; others may be added later. */
export function record(
  properties: Readonly<Record<string, Json>>,
  description: string,
  optional: readonly string[] = [],
): Json {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', description, required, properties }
}

export const orNone = (schema: Json): Json => ({ anyOf: [schema, { type: 'null' }] })
export const ref = (name: string): Json => ({ $ref: `#/$defs/${name}` })
