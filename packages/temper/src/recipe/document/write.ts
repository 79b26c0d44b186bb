import { stringify } from 'yaml'
import type { Recipe } from '../../model/recipe.ts'

/**
 * A recipe whose vars, variants and extension are written out, as a text that reads as the same recipe: for whoever
 * builds the image again and has nothing but this.
 */
export function writeRecipe(value: unknown, { name, variant }: Pick<Recipe, 'name' | 'variant'>): string {
  const { vars: _, ...rest } = value as Readonly<Record<string, unknown>>
  const whole = { name, ...rest, ...(variant === undefined ? {} : { variant }) }
  return stringify(written(whole, ''), { lineWidth: 0, aliasDuplicateObjects: false, version: '1.2' })
}

/** Permissions are octal where they are written, and vars are substituted once. */
function written(value: unknown, key: string): unknown {
  if (typeof value === 'string') return value.replaceAll('${{', '$$${{')
  if (typeof value === 'number' && (key === 'permissions' || key === 'mode')) return `0${value.toString(8)}`
  if (Array.isArray(value)) return value.map((each) => written(each, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, written(each, name)]))
}
