import type { Distro } from '../../model/distro.ts'
import type { PackageSource } from '../../model/package/package-source.ts'
import { repositoryWorld } from '../assemble/archives.ts'
import type { Context } from '../context.ts'
import { locatedKey } from './beside-recipe.ts'
import type { RecipeTarget } from './recipe-target.ts'

/** The signed repositories that a recipe chooses from. */
export async function openSource(
  target: Pick<RecipeTarget, 'recipe' | 'folders' | 'platforms'>,
  environment: { readonly context: Context; readonly distro: Distro },
): Promise<PackageSource> {
  const { context, distro } = environment
  const { recipe, folders } = target
  const located = (key: string) => locatedKey(key, folders)
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
