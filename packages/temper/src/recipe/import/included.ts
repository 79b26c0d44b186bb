import { isScalar } from 'yaml'
import { firstKey } from '../document/first-key.ts'
import type { RecipeSource } from '../whole.ts'

/** The configuration that an apko configuration includes. Throws `bad-recipe` for what is not YAML. */
export function includedBy(source: RecipeSource): string | undefined {
  const { node } = firstKey(source, 'include')
  return isScalar(node) && typeof node.value === 'string' ? node.value : undefined
}
