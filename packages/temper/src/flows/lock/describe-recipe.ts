import { formatPlatform } from '../../model/platform.ts'
import { fileRequests } from '../../model/recipe.ts'
import { isBeside } from '../../recipe/normalise/source-name.ts'
import { readRecipeFiles } from '../../recipe/source/file-source.ts'
import type { Context } from '../context.ts'
import { missingBeside } from './beside-recipe.ts'
import { choosePlatforms, loadNamed, type TargetRequest } from './named-recipe.ts'

/** What a recipe says about its image, without contacting any archive. */
export interface RecipeDescription {
  /** Name of the image, without registry and tag. */
  readonly name: string
  /** Tags that its image gets; "latest" where it names none. */
  readonly tags: readonly string[]
  readonly platforms: readonly string[]
  /** How many tests it has. */
  readonly tests: number
  /** How many build steps it has: programs that are run to make files. */
  readonly steps: number
  /** The last day of support that it names: "2028-08-09". */
  readonly endOfLife?: string
  /** Key files and addresses of its repositories. */
  readonly keys: readonly string[]
  /** Addresses of its repositories: absolute paths of those in folders. */
  readonly archives: readonly string[]
  /**
   * What it names beside it and is not there: keys, folders of packages, the image that it begins with. Files that are missing are an
   * error at once.
   */
  readonly missing: readonly string[]
}

/**
 * Reads a recipe with everything beside it, and describes it. What it names elsewhere is not asked for: whoever sends a recipe to a service
 * would decide where that looks. Errors: those of `lock` before it reads archives.
 */
export async function describeRecipe(request: TargetRequest, context: Context): Promise<RecipeDescription> {
  const { recipe, folders, file } = await loadNamed(request, context)
  await readRecipeFiles(
    fileRequests(recipe).filter(({ source }) => isBeside(source)),
    { folders, installed: context.installed, recipe: file, fetch: nothing, fetchCommit: nothing },
  )
  const { repositories, keyring } = recipe.contents
  return {
    name: recipe.name,
    tags: recipe.tags.length === 0 ? ['latest'] : recipe.tags,
    platforms: choosePlatforms(request, recipe).map(formatPlatform),
    tests: recipe.tests.length,
    steps: recipe.steps?.length ?? 0,
    ...(recipe.dates.endOfLife === undefined ? {} : { endOfLife: recipe.dates.endOfLife }),
    archives: repositories.map(({ address }) => address),
    keys: [...keyring, ...repositories.flatMap(({ key }) => key ?? [])],
    missing: missingBeside(recipe, folders),
  }
}

async function nothing(): Promise<never> {
  throw new Error('only files beside the recipe are read')
}
