import { resolve as resolvePath } from 'node:path'
import { findRelease } from '../../distro/debian/releases.ts'
import { createDebianSource } from '../../distro/debian/repository/source.ts'
import type { PackageSource } from '../../model/distro.ts'
import { archiveAccess, mirrorSettings } from '../assemble/archives.ts'
import type { Context } from '../context.ts'
import type { RecipeTarget } from './recipe-target.ts'

/** The signed repositories that a recipe chooses from. */
export async function openSource(target: RecipeTarget, context: Context): Promise<PackageSource> {
  const { recipe, folder } = target
  // Key files are named from the recipe's folder; addresses stay as they are.
  const located = (key: string) => (/^https?:/i.test(key) ? key : resolvePath(folder, key))
  const repositories = recipe.contents.repositories.map((repository) =>
    repository.key === undefined ? repository : { ...repository, key: located(repository.key) },
  )
  return createDebianSource({
    release: findRelease(recipe.distribution),
    repositories,
    keyring: recipe.contents.keyring.map(located),
    keysDir: context.keysDir,
    mirrors: await mirrorSettings(recipe, context),
    now: context.now(),
    access: await archiveAccess(context),
    architectures: target.platforms.map(({ architecture }) => architecture),
    ...(context.xzProgram === undefined ? {} : { xzProgram: context.xzProgram }),
  })
}
