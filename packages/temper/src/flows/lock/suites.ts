import { openDistro } from '../../distro/open.ts'
import type { LockedSuite } from '../../model/lock.ts'
import type { Context } from '../context.ts'
import { openSource } from './package-source.ts'
import { loadTarget, type TargetRequest } from './recipe-target.ts'

/**
 * The suites that a recipe would be locked from now, with the digests of their Release files: as long as they are
 * those of a lock, locking again would choose the same. Errors: those of `lock` when it reads archives.
 */
export async function currentSuites(
  request: TargetRequest,
  context: Context,
): Promise<readonly LockedSuite[]> {
  const target = await loadTarget(request, context)
  const distro = await openDistro(target.recipe.distribution, context)
  const source = await openSource(target, { context, distro })
  for (const { architecture } of target.platforms) await source.index(architecture)
  return source.suites()
}
