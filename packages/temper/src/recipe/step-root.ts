import { type Recipe, relaxableRules } from '../model/recipe.ts'
import { type StepRequest, stepFolder } from '../model/recipe-parts/step.ts'
import { normalise } from './normalise/normalise.ts'

/**
 * The recipe of the file system that a build step runs in: its packages as they are, with shells, compilers and
 * headers, since nothing of it enters an image. They are chosen from the same repositories as those of the recipe.
 */
export function stepRootRecipe(recipe: Recipe, step: StepRequest): Recipe {
  const root = normalise(
    {
      name: recipe.name,
      distribution: recipe.distribution,
      hardening: {
        allow: relaxableRules.map((rule) => ({ rule, why: 'nothing of a build step enters an image' })),
      },
      paths: [{ type: 'directory', path: stepFolder, permissions: 0o755, uid: 65532, gid: 65532 }],
    },
    'step',
    () => {},
  )
  const { repositories, keyring } = recipe.contents
  return { ...root, contents: { packages: step.packages, repositories, keyring, files: [] } }
}
