import * as z from 'zod'
import type { RecipePath } from '../document/problem.ts'
import { recipeSchema } from './schema.ts'

/**
 * The keys that a mapping at `path` may have: for suggestions. Follows the schema along the path; where it
 * branches by `type`, the branch that `value` takes.
 */
export function keysAt(value: unknown, path: RecipePath): readonly string[] {
  let schema: unknown = recipeSchema
  let current = value
  for (const part of [...path, undefined]) {
    schema = branch(unwrap(schema), current)
    if (part === undefined) break
    if (schema instanceof z.ZodObject) schema = schema.shape[part]
    else if (schema instanceof z.ZodArray) schema = schema.element
    else return []
    current = (current as Record<string | number, unknown> | null | undefined)?.[part]
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema
}

/** The member of a union that fits `value` best: by its `type`, else the first mapping. */
function branch(schema: unknown, value: unknown): unknown {
  if (!(schema instanceof z.ZodUnion)) return schema
  const objects = schema.options.filter((option): option is z.ZodObject => option instanceof z.ZodObject)
  const type = (value as { type?: unknown } | null | undefined)?.type
  return objects.find((option) => fits(option, type)) ?? objects[0] ?? schema
}

function fits(option: z.ZodObject, type: unknown): boolean {
  const tag = option.shape['type']
  return tag instanceof z.ZodType && type !== undefined && tag.safeParse(type).success
}
