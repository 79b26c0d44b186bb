import { isMap, isScalar } from 'yaml'
import { parseYaml } from '../document/document.ts'
import { ProblemList } from '../document/problem.ts'
import type { RecipeSource } from '../read.ts'

/** The configuration that one of apko includes. Throws `bad-recipe` for what is not YAML. */
export function includedBy({ text, file }: RecipeSource): string | undefined {
  const problems = new ProblemList(file, text)
  const root = parseYaml(text, problems)
  problems.throwIfAny()
  const node = isMap(root) ? root.get('include', true) : undefined
  return isScalar(node) && typeof node.value === 'string' ? node.value : undefined
}
