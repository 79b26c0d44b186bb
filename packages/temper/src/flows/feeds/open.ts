import { join } from 'node:path'
import { openIndex } from '../../advisory/index/open-index.ts'
import { currentName } from '../../advisory/index/store/names.ts'
import { TemperError } from '../../base/error.ts'
import { isThere } from '../../base/file.ts'
import type { Context } from '../context.ts'
import { type OpenFeeds, openRebuildable } from './rebuildable.ts'
import { isStore, staleAfterOf, storeFolder } from './store.ts'

export interface OpenFeedsRequest {
  /**
   * A store of feeds, a file that was exported from one, feeds as their publishers write them (these are read into the
   * cache first), or absent: the store in the cache.
   */
  readonly feeds?: string
  /** A day, YYYY-MM-DD. */
  readonly asOf?: string
}

/**
 * Opens the feeds for look-ups. This loads very little code, since every scan begins with it. A damaged index is
 * rebuilt from the feeds' own files. Throws `not-found` when nothing was ever fetched, `bad-index` when these are
 * damaged too.
 */
export async function openFeeds(context: Context, request: OpenFeedsRequest = {}): Promise<OpenFeeds> {
  const { asOf } = request
  if (asOf !== undefined && !isDay(asOf)) {
    throw new TemperError('bad-usage', `Expected a day such as 2026-03-31, found "${asOf.slice(0, 40)}"`)
  }
  const path = storeFolder(context, request.feeds)
  const options = {
    now: context.now(),
    staleAfter: staleAfterOf(context),
    ...(asOf === undefined ? {} : { asOf }),
  }
  const own = { open: () => openIndex(path, options), rebuild: () => rebuildStore(path, { context, asOf }) }
  try {
    return await openRebuildable(own)
  } catch (error) {
    const isForeign =
      error instanceof TemperError && (error.code === 'not-found' || error.code === 'bad-index')
    if (request.feeds === undefined || !isForeign || !(await isThere(path))) throw error
    // A store that is damaged is no folder of feeds.
    if ((await isStore(path)) && (await isThere(join(path, currentName)))) throw error
    const { foreignStore, readForeignAgain } = await import('./foreign.ts')
    const folder = await foreignStore(path, context)
    return await openRebuildable({
      open: () => openIndex(folder, options),
      rebuild: () => readForeignAgain(path, context),
    })
  }
}

/** An index of earlier days cannot be built anew: what feeds were then is only in it. */
async function rebuildStore(
  path: string,
  { context, asOf }: { readonly context: Context; readonly asOf: string | undefined },
): Promise<boolean> {
  if (asOf !== undefined || !(await isStore(path))) return false
  const { rebuildFeeds } = await import('./rebuild.ts')
  return await rebuildFeeds(path, context)
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
