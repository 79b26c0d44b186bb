import { readContents } from '../../assemble/packages/contents.ts'
import type { KeptPackage } from '../../assemble/root/populate.ts'
import type { Distro } from '../../model/distro.ts'
import type { LockedPackage } from '../../model/lock.ts'
import type { Recipe } from '../../model/recipe.ts'
import { hardeningWith } from '../../rules/hardening/strip.ts'
import { proofReads } from '../../tree/proof/plugins.ts'
import type { OpenBase } from '../base/open-base.ts'
import { basePackages } from '../base/packages.ts'
import type { Context } from '../context.ts'
import type { PlatformRequest } from './plan.ts'
import type { AssemblyTools } from './tools.ts'

/** Reads what the fetched packages of one platform hold, making their segments on the way. */
export async function gatherContents(
  packages: readonly LockedPackage[],
  { recipe, base }: Pick<PlatformRequest, 'recipe' | 'base'>,
  environment: { readonly context: Context; readonly tools: AssemblyTools },
): Promise<KeptPackage[]> {
  const { context, tools } = environment
  const total = packages.reduce((sum, found) => sum + found.size, 0)
  const progress = context.progress.start('Reading packages', { total, unit: 'bytes' })
  try {
    return await readContents(packages, {
      ...tools,
      decide: {
        mergedPath: tools.distro.mergedPath,
        hardening: hardeningWith(recipe.hardening.allow, recipe.locales),
        hasInterpreter: guessInterpreters([...packages, ...basePackages(base)], recipe, {
          distro: tools.distro,
          base,
        }),
        ...(context.sourceDateEpoch === undefined ? {} : { latest: context.sourceDateEpoch }),
      },
      captures: proofReads,
      progress,
    })
  } finally {
    progress.done()
  }
}

/** A guess by package names, before any file is known. Shells count only when the recipe allows one. */
function guessInterpreters(
  packages: readonly Pick<LockedPackage, 'name'>[],
  recipe: Recipe,
  { distro, base }: { readonly distro: Distro; readonly base: OpenBase | undefined },
): (path: string) => boolean {
  const names = new Set(packages.map((found) => found.name))
  const shellAllowed = recipe.hardening.allow.some((relaxation) => relaxation.rule === 'shell')
  return (path) => {
    if (base?.tree.resolve(path.replace(/^\/+/, '')) !== undefined) return true
    const needed = distro.interpreterPackage(path)
    if (needed === undefined) return true
    if (needed.shell && !shellAllowed) return false
    return names.has(needed.name)
  }
}
