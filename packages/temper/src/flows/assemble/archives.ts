import { createHttp } from '../../base/http/http.ts'
import type { Distro } from '../../model/distro.ts'
import type { LockedSuite } from '../../model/lock.ts'
import type { FetchPackages, RepositoryWorld } from '../../model/package/package-source.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { Context } from '../context.ts'

/** How package archives are reached, with the person's credentials and mirrors. */
export async function repositoryWorld(recipe: Recipe, context: Context): Promise<RepositoryWorld> {
  const authorization = await context.archiveAuthorization?.()
  return {
    access: {
      http: createHttp({ fetch: context.fetch, signal: context.signal }),
      cacheDir: context.cacheDir,
      progress: context.progress,
      offline: context.offline,
      signal: context.signal,
      ...(authorization === undefined ? {} : { authorization }),
    },
    repositories: recipe.contents.repositories,
    mirrors: { configured: context.mirrors, hostRoot: context.hostRoot },
  }
}

/** Fetches what a lock names, from wherever it can still be had. Mirrors are looked up at the first call. */
export function archiveFetcher(
  suites: readonly LockedSuite[],
  environment: { readonly recipe: Recipe; readonly distro: Distro; readonly context: Context },
): FetchPackages {
  const { recipe, distro, context } = environment
  const prepare = async () => distro.openFetcher({ suites, ...(await repositoryWorld(recipe, context)) })
  let prepared: Promise<FetchPackages> | undefined
  return async (packages, options) => {
    prepared ??= prepare()
    return (await prepared)(packages, options)
  }
}
