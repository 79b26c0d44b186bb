import { createHttp } from '../../base/http/http.ts'
import { readAptSources } from '../../distro/debian/repository/apt-sources.ts'
import { type MirrorSettings, packageMirrors, recipeMirrors } from '../../distro/debian/repository/mirrors.ts'
import type { ArchiveAccess } from '../../distro/shared/fetching/access.ts'
import { fetchPackages } from '../../distro/shared/fetching/packages.ts'
import type { LockedPackage, LockedSuite } from '../../model/lock.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { Context } from '../context.ts'

/** How package archives are reached, with the person's credentials. */
export async function archiveAccess(context: Context): Promise<ArchiveAccess> {
  const authorization = await context.archiveAuthorization?.()
  return {
    http: createHttp({ fetch: context.fetch, signal: context.signal }),
    cacheDir: context.cacheDir,
    progress: context.progress,
    offline: context.offline,
    signal: context.signal,
    ...(authorization === undefined ? {} : { authorization }),
  }
}

/** Where to look for Debian's archives: recipe, configuration, the host's apt sources. */
export async function mirrorSettings(recipe: Recipe, context: Context): Promise<MirrorSettings> {
  return {
    recipe: recipeMirrors(recipe.contents.repositories),
    configuration: context.mirrors,
    host: await readAptSources(context.hostRoot, { note: context.progress.note }),
  }
}

/** Makes sure that the archives of locked packages are in the cache; `verify` hashes those that are. */
export type FetchArchives = (
  packages: readonly LockedPackage[],
  options?: { readonly cached?: 'trust' | 'verify' },
) => Promise<void>

/** Fetches what a lock names, from wherever it can still be had. Mirrors are looked up at the first call. */
export function archiveFetcher(
  suites: readonly LockedSuite[],
  environment: { readonly recipe: Recipe; readonly context: Context },
): FetchArchives {
  const { recipe, context } = environment
  const prepare = async () => ({
    access: await archiveAccess(context),
    mirrors: packageMirrors(suites, await mirrorSettings(recipe, context)),
  })
  let prepared: ReturnType<typeof prepare> | undefined
  return async (packages, options = {}) => {
    prepared ??= prepare()
    await fetchPackages(packages, { ...(await prepared), ...options })
  }
}
