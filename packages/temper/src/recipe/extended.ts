import { isMap, isScalar } from 'yaml'
import { firstKey } from './document/first-key.ts'
import { show } from './document/problem.ts'

/**
 * The recipe that a recipe extends, as it is written: a name or a path. Throws `bad-recipe` when it is anything else, or the
 * text is not YAML.
 */
export function extendedBy(text: string, file: string): string | undefined {
  const { node, problems } = firstKey({ text, file }, 'extends')
  if (node === undefined) return undefined
  const { value } = isScalar(node) ? node : { value: isMap(node) ? {} : [] }
  if (typeof value === 'string' && value !== '' && !value.includes('${{')) return value
  problems.add(
    node.range?.[0] ?? 0,
    ['extends'],
    `expected a name in the catalogue or a path, without vars, found ${show(value)}`,
  )
  problems.throwIfAny()
  return undefined
}
