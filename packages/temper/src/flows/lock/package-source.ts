import { resolve as resolvePath } from 'node:path'
import type { Distro } from '../../model/distro.ts'
import type { PackageSource } from '../../model/package/package-source.ts'
import { repositoryWorld } from '../assemble/archives.ts'
import type { Context } from '../context.ts'
import type { RecipeTarget } from './recipe-target.ts'

/** The signed repositories that a recipe chooses from. */
export async function openSource(
  target: RecipeTarget,
  environment: { readonly context: Context; readonly distro: Distro },
): Promise<PackageSource> {
  const { context, distro } = environment
  const { recipe, folder } = target
  // Key files are named from the recipe's folder; addresses stay as they are.
  const located = (key: string) => (/^https?:/i.test(key) ? key : resolvePath(folder, key))
  const world = await repositoryWorld({ recipe, folder }, context)
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
