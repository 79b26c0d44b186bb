import { feedStore } from '../../advisory/index/store/store.ts'
import { TemperError } from '../../base/error.ts'
import type { Context } from '../context.ts'
import { retentionOf } from './configuration.ts'

/**
 * Rebuilds the index of a store from the feeds' own files. False when there are none, when they are damaged as well,
 * or when nothing can be written there.
 */
export async function rebuildFeeds(path: string, context: Context): Promise<boolean> {
  const store = feedStore(path)
  try {
    if ((await store.feeds()).length === 0) return false
    context.progress.warn(`The index of advisories in ${path} is damaged: it is rebuilt from its feeds`)
    await store.publish({
      now: context.now(),
      retention: retentionOf(context),
      signal: context.signal,
      afresh: true,
    })
    return true
  } catch (error) {
    const cannot = error instanceof TemperError && ['bad-index', 'file-system'].includes(error.code)
    if (!cannot) throw error
    context.progress.note(error.message)
    return false
  }
}
