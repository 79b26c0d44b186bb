import { posix } from 'node:path'
import type { DependencyRequest } from '../../model/recipe-parts/dependency.ts'
import type { Report } from '../document/problem.ts'
import type { RecipeInput } from '../schema/schema.ts'
import { reportSource } from './contents.ts'
import { isAddress } from './source-name.ts'

const kinds = ['python', 'npm'] as const

export function normaliseDependencies(
  inputs: RecipeInput['dependencies'],
  report: Report,
): { readonly dependencies?: readonly DependencyRequest[] } {
  if (inputs === undefined || inputs.length === 0) return {}
  const dependencies = inputs.flatMap((input, i): DependencyRequest[] => {
    const path = ['dependencies', i]
    const named = kinds.filter((kind) => input[kind] !== undefined)
    const [kind] = named
    if (kind === undefined || named.length > 1) {
      report(path, `give one lock file: ${kinds.join(' or ')}`)
      return []
    }
    const source = input[kind] ?? ''
    if (isAddress(source)) report([...path, kind], 'expected a lock file beside the recipe, found an address')
    else reportSource(source, [...path, kind], report)
    if (kind === 'npm' && input.into === undefined)
      report(path, 'needs "into": the folder of the application, below which node_modules is made')
    const lockFile = { path: `/${posix.basename(source)}`, source, mode: 0o644, uid: 0, gid: 0 }
    return [{ kind, lockFile, ...(input.into === undefined ? {} : { into: input.into }) }]
  })
  return { dependencies }
}
