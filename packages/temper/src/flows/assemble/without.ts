import type { ImagePlan } from '../../assemble/plan.ts'
import { droppedDependencies } from '../../assemble/solve/without.ts'
import { interpreterAlternatives } from '../../formats/interpreter.ts'
import type { Distro } from '../../model/distro.ts'
import type { Recipe, Relaxation } from '../../model/recipe.ts'

interface Without {
  readonly recipe: Pick<Recipe, 'contents'>
  readonly distro: Pick<Distro, 'relations' | 'interpreterPackage' | 'mergedPath'>
}

/**
 * The consequence of `contents.without`: dependencies of packages that the image does not meet, as the image records
 * them.
 */
export function droppedRelaxations(
  { packages }: Pick<ImagePlan, 'packages'>,
  { recipe, distro }: Without,
): readonly Relaxation[] {
  const names = new Set(recipe.contents.without ?? [])
  if (names.size === 0) return []
  return packages.flatMap(({ package: locked, content }) => {
    const { depends } = distro.relations(content)
    const dropped = droppedDependencies({ depends, preDepends: [] }, names)
    if (dropped.length === 0) return []
    const why = `${locked.name} depends on ${dropped.join(', ')}, which contents.without leaves out`
    return [{ rule: 'dependency', why }]
  })
}

/** Scripts that were left out with their interpreter, one line for each package. */
export function scriptsLost(
  { root, packages }: Pick<ImagePlan, 'root' | 'packages'>,
  { recipe, distro }: Without,
): readonly string[] {
  const names = new Set(recipe.contents.without ?? [])
  if (names.size === 0) return []
  return packages.flatMap(({ package: locked, content }) => {
    const scripts = content.entries.filter((entry) => {
      const interpreters = interpreterAlternatives(entry) ?? []
      const isLost = interpreters.some((path) => names.has(distro.interpreterPackage(path)?.name ?? ''))
      return isLost && root.get(distro.mergedPath(entry.path)) === undefined
    })
    if (scripts.length === 0) return []
    const told = scripts.slice(0, 3).map(({ path }) => `/${distro.mergedPath(path)}`)
    const more = scripts.length > told.length ? ` and ${scripts.length - told.length} more` : ''
    return [
      `${locked.name} loses ${told.join(', ')}${more}: contents.without leaves out the program that runs them`,
    ]
  })
}
