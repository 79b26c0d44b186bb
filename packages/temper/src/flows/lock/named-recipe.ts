import { join, resolve as resolvePath } from 'node:path'
import { ValueCache } from '../../base/value-cache.ts'
import type { CertificateFile } from '../../model/certificate-file.ts'
import type { DistroFamily } from '../../model/distro.ts'
import { formatPlatform, type Platform, parsePlatform } from '../../model/platform.ts'
import type { Recipe } from '../../model/recipe.ts'
import { type LoadedRecipe, loadRecipe } from '../../recipe/load.ts'
import type { Context } from '../context.ts'

export interface TargetRequest {
  /** Name in the catalogue, or path of a recipe. */
  readonly target: string
  /** "linux/amd64"…; default: all of the recipe. */
  readonly platforms?: readonly string[]
  readonly vars?: Readonly<Record<string, string>>
  /** Which of the recipe's version lines; default: its own. */
  readonly line?: string
  /** Which of the recipe's variants; default: "runtime", the recipe itself. */
  readonly variant?: string
  /** Folder whose files take precedence over those beside the recipe. */
  readonly context?: string
  /** Certificate authorities that the image trusts besides those that the recipe names. */
  readonly certificates?: readonly CertificateFile[]
}

/** Reads a recipe as a request names it, with those that it extends, and nothing else that it names but certificates. */
export async function loadNamed(request: TargetRequest, context: Context): Promise<LoadedRecipe> {
  return await loadRecipe(request.target, {
    workingDir: context.workingDir,
    catalogDir: context.catalogDir,
    vars: request.vars ?? {},
    ...(request.line === undefined ? {} : { line: request.line }),
    ...(request.variant === undefined ? {} : { variant: request.variant }),
    ...(request.context === undefined ? {} : { context: resolvePath(context.workingDir, request.context) }),
    ...(request.certificates === undefined ? {} : { certificates: request.certificates }),
    memory: new ValueCache(join(context.cacheDir, 'recipes-3'), context.progress),
    ...(context.distributions === undefined ? {} : { releases: releaseIds(context.distributions) }),
  })
}

function releaseIds(distributions: readonly DistroFamily[]): readonly string[] {
  return distributions.flatMap(({ releases }) => releases.map(({ id }) => id))
}

/** The platforms that a request names, each once, else all of the recipe. */
export function choosePlatforms(
  request: Pick<TargetRequest, 'platforms'>,
  recipe: Pick<Recipe, 'platforms'>,
): readonly Platform[] {
  if (request.platforms === undefined) return recipe.platforms
  const wanted = new Map(
    request.platforms.map(parsePlatform).map((platform) => [formatPlatform(platform), platform]),
  )
  return [...wanted.values()]
}
