import type { RecipePath, Report } from '../document/problem.ts'
import { splitWords } from './command.ts'

/** The words of a command that is written as a list or as one text. */
export function words(
  value: string | readonly (string | number | boolean)[] | undefined,
  path: RecipePath,
  report: Report,
): string[] {
  if (value === undefined) return []
  const list = typeof value === 'string' ? splitWords(value) : value.map(String)
  if (list === undefined) report(path, 'a quote is not closed')
  if (list?.some((word) => word.includes('\0')) === true) report(path, 'a word holds a NUL character')
  return list ?? []
}

/**
 * Values as text, sorted by name: names and values as environments, labels and annotations can hold them. Recipes
 * that mean the same must not differ in a single byte of the image.
 */
export function texts(
  values: Readonly<Record<string, string | number | boolean>> | undefined,
  path: RecipePath,
  report: Report,
): Record<string, string> {
  const result: Record<string, string> = {}
  const entries = Object.entries(values ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [name, value] of entries) {
    const text = String(value)
    if (text.includes('\0') || name.includes('\0')) report([...path, name], 'holds a NUL character')
    result[name] = text
  }
  return result
}
