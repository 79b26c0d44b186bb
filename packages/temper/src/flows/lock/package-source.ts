import { existsSync } from 'node:fs'
import { resolve as resolvePath } from 'node:path'
import type { Distro } from '../../model/distro.ts'
import type { PackageSource } from '../../model/package/package-source.ts'
import { isAddress } from '../../recipe/normalise/source-name.ts'
import { repositoryWorld } from '../assemble/archives.ts'
import type { Context } from '../context.ts'
import type { RecipeTarget } from './recipe-target.ts'

/** The signed repositories that a recipe chooses from. */
export async function openSource(
  target: RecipeTarget,
  environment: { readonly context: Context; readonly distro: Distro },
): Promise<PackageSource> {
  const { context, distro } = environment
  const { recipe, folders } = target
  // Key files lie beside the recipe, or beside one that it extends; addresses stay as they are.
  const located = (key: string) => {
    if (isAddress(key)) return key
    const paths = folders.map((folder) => resolvePath(folder, key))
    return paths.find((path) => existsSync(path)) ?? paths[0] ?? key
  }
  const world = await repositoryWorld({ recipe, folders }, context)
  return await distro.openSource({
    ...world,
    repositories: world.repositories.map((repository) =>
      repository.key === undefined ? repository : { ...repository, key: located(repository.key) },
    ),
    keyring: recipe.contents.keyring.map(located),
    keysDir: context.keysDir,
    now: context.now(),
    architectures: target.platforms.map(({ architecture }) => architecture),
  })
}
