import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TemperError } from '../base/error.ts'
import type { Context } from '../flows/context.ts'

/** When the cache was last swept: the time of this file in it. */
const marker = '.swept'
const day = 86_400_000

/**
 * Removes from the cache what stopped runs left half-written, at most once a day: else it costs one look at a file. What
 * cannot be removed stays.
 */
export async function sweepDaily(
  context: Pick<Context, 'cacheDir' | 'now' | 'signal' | 'progress'>,
): Promise<void> {
  const path = join(context.cacheDir, marker)
  const last = timeOf(path)
  if (timeOf(context.cacheDir) === undefined) return
  // A time to come is of a clock that was wrong.
  if (last !== undefined && Math.abs(context.now().getTime() - last) < day) return
  const { pruneCache } = await import('../flows/cache.ts')
  try {
    writeFileSync(path, '')
    await pruneCache({}, context)
  } catch (error) {
    const isSystem = typeof (error as NodeJS.ErrnoException).code === 'string'
    if (!isSystem || (error instanceof TemperError && error.code !== 'file-system')) throw error
    context.progress.note(`The cache was not swept: ${(error as Error).message}`)
  }
}

/** Milliseconds since 1970 of the last change; undefined when it is not there. */
function timeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}
