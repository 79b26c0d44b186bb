import { stringify } from 'yaml'
import type { Recipe } from '../../model/recipe.ts'

/**
 * A recipe whose vars, variants and extension are written out, as a text that reads as the same recipe, for whoever
 * rebuilds the image and has nothing else. Vars are substituted once, so what looks like one is escaped.
 */
export function writeRecipe(value: unknown, { name, variant }: Pick<Recipe, 'name' | 'variant'>): string {
  const { vars, ...rest } = value as Readonly<Record<string, unknown>>
  // Only files that are filled in still ask for them.
  const asked = JSON.stringify(rest).includes('"template":true') ? { vars } : {}
  const whole = { name, ...asked, ...rest, ...(variant === undefined ? {} : { variant }) }
  return yamlText(whole, (text) => text.replaceAll('${{', '$$${{'))
}

/** A recipe as YAML, with `text` applied to each of its texts; permissions are octal. */
export function yamlText(value: unknown, text: (text: string) => string = (same) => same): string {
  return stringify(written(value, '', text), { lineWidth: 0, aliasDuplicateObjects: false, version: '1.2' })
}

function written(value: unknown, key: string, text: (text: string) => string): unknown {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number' && (key === 'permissions' || key === 'mode')) return `0${value.toString(8)}`
  if (Array.isArray(value)) return value.map((each) => written(each, key, text))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, written(each, name, text)]))
}
