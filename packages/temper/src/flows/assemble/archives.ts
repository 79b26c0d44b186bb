import { fetchWithFolders, folderAddress, recipeHost } from '../../base/http/folders.ts'
import { createHttp } from '../../base/http/http.ts'
import type { Distro } from '../../model/distro.ts'
import type { LockedSuite } from '../../model/lock.ts'
import type { FetchPackages, RepositoryWorld } from '../../model/package/package-source.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { Context } from '../context.ts'

/** How package archives are reached, with the person's credentials and mirrors. */
export async function repositoryWorld(
  { recipe, folders }: { readonly recipe: Pick<Recipe, 'contents'>; readonly folders?: readonly string[] },
  context: Context,
): Promise<RepositoryWorld> {
  const configured = Object.values(context.mirrors).flat()
  const addresses = [...recipe.contents.repositories.map(({ address }) => address), ...configured]
  const served = { addresses: addresses.flatMap((address) => servedAddress(address) ?? []), recipe: folders }
  const authorization = await context.archiveAuthorization?.()
  return {
    access: {
      http: createHttp({
        fetch: fetchWithFolders(context.fetch, served),
        files: true,
        signal: context.signal,
      }),
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

/** Fetches what a lock names, from any place that still has it. Mirrors are looked up at the first call. */
export function archiveFetcher(
  suites: readonly LockedSuite[],
  environment: {
    readonly recipe: Pick<Recipe, 'contents'>
    /** Folders of the recipe, from which relative repositories in it are resolved. */
    readonly folders?: readonly string[]
    readonly distro: Distro
    readonly context: Context
  },
): FetchPackages {
  const { distro, context } = environment
  const prepare = async () => distro.openFetcher({ suites, ...(await repositoryWorld(environment, context)) })
  let prepared: Promise<FetchPackages> | undefined
  return async (packages, options) => {
    prepared ??= prepare()
    return (await prepared)(packages, options)
  }
}

/** The address of a folder, as the archive's mirrors have it; undefined for one that needs a network. */
function servedAddress(address: string): string | undefined {
  return address.startsWith(`file://${recipeHost}/`) ? address : folderAddress(address)
}
