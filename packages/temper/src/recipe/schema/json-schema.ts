import * as z from 'zod'
import { type ChangeKey, keptFrom } from './changes.ts'
import { recipeSchema } from './schema.ts'

/** The part of JSON Schema that zod writes and the reference reads. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
  readonly type?: string
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly additionalProperties?: JsonSchema | false
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
}

let plain: JsonSchema | undefined

/** JSON Schema (2020-12) of the values that a recipe has once its vars are written out. It is made once: that takes 30 ms. */
export function plainJsonSchema(): JsonSchema {
  plain ??= describeChanges(
    z.toJSONSchema(recipeSchema, { io: 'input', target: 'draft-2020-12' }) as JsonSchema,
  )
  return plain
}

/** What a line or a variant may say: what a recipe may, except for who it is, with `!x` in lists. */
function describeChanges(schema: JsonSchema): JsonSchema {
  const definitions = schema.$defs ?? {}
  const recipe = definitions['recipe'] ?? {}
  const fields = recipe.properties ?? {}
  const variants = { ...fields['variants'], additionalProperties: { $ref: '#/$defs/variant' } }
  const lines = { ...fields['lines'], additionalProperties: { $ref: '#/$defs/line' } }
  const described = { ...recipe, properties: { ...fields, lines, variants } }
  const changing = (key: ChangeKey): JsonSchema => {
    const changed = Object.entries(described.properties).filter(([name]) => !keptFrom[key].has(name))
    return {
      type: 'object',
      properties: Object.fromEntries(changed.map(([name, field]) => [name, takingAway(field, definitions)])),
      additionalProperties: false,
    }
  }
  const changes = { line: changing('lines'), variant: changing('variants') }
  return { ...schema, $defs: { ...definitions, recipe: described, ...changes } }
}

function takingAway(field: JsonSchema, definitions: NonNullable<JsonSchema['$defs']>): JsonSchema {
  const { $ref, ...own } = field
  const whole: JsonSchema = { ...definitions[$ref?.split('/').at(-1) ?? ''], ...own }
  if (whole.items !== undefined) return { ...whole, items: { anyOf: [whole.items, taken] } }
  if (whole.properties === undefined) return whole
  const properties = Object.entries(whole.properties)
  return {
    ...whole,
    properties: Object.fromEntries(properties.map(([name, each]) => [name, takingAway(each, definitions)])),
  }
}

const taken: JsonSchema = { type: 'string', pattern: '^!' }

/** A text that uses a var: it may stand wherever a text or a number is expected. */
const usesVar: JsonSchema = { type: 'string', pattern: '\\$\\{\\{' }

/**
 * JSON Schema (2020-12) of what may be written, for editors: the plain schema, extended so that each text may use
 * vars and every fixed value may come from one.
 */
export function recipeJsonSchema(): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Temper recipe',
    ...allowVars(plainJsonSchema()),
  }
}

function allowVars(schema: JsonSchema): JsonSchema {
  const inner: Record<string, unknown> = { ...schema }
  for (const keyword of ['items', 'additionalProperties'] as const) {
    const value = schema[keyword]
    if (typeof value === 'object') inner[keyword] = allowVars(value)
  }
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const value = schema[keyword]
    if (value !== undefined) inner[keyword] = value.map(allowVars)
  }
  for (const keyword of ['properties', '$defs'] as const) {
    const value = schema[keyword]
    if (value !== undefined)
      inner[keyword] = Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, allowVars(each)]),
      )
  }
  if (schema.pattern !== undefined && schema.enum === undefined)
    return { ...inner, pattern: `${usesVar.pattern}|${schema.pattern}` }
  // `type` of a path decides which fields there are: it is always written out.
  const fixed = schema.enum !== undefined || ['integer', 'number'].includes(schema.type ?? '')
  if (!fixed || schema.const !== undefined) return inner
  const { description, examples, ...rest } = schema
  const outer: Record<string, unknown> = { anyOf: [rest, usesVar] }
  if (description !== undefined) outer['description'] = description
  if (examples !== undefined) outer['examples'] = examples
  return outer
}
