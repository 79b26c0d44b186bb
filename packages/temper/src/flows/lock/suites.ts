import { openDistro } from '../../distro/open.ts'
import type { LockedSuite } from '../../model/lock.ts'
import type { Context } from '../context.ts'
import { choosePlatforms, loadNamed, type TargetRequest } from './named-recipe.ts'
import { openSource } from './package-source.ts'

/**
 * The suites that a recipe would be locked from now, with the digests of their Release files: as long as they are
 * those of a lock, locking again would choose the same. Errors: those of `lock` when it reads archives.
 */
export async function currentSuites(
  request: TargetRequest,
  context: Context,
): Promise<readonly LockedSuite[]> {
  const { recipe, folders } = await loadNamed(request, context)
  const platforms = choosePlatforms(request, recipe)
  const distro = await openDistro(recipe.distribution, context)
  const source = await openSource({ recipe, folders, platforms }, { context, distro })
  for (const { architecture } of platforms) await source.index(architecture)
  return source.suites()
}
