import { feedStore } from '../../advisory/index/store/store.ts'
import { TemperError } from '../../base/error.ts'
import type { Context } from '../context.ts'
import { retentionOf } from './configuration.ts'
import { storeFolder } from './store.ts'

/** Removes feeds from the store, and rebuilds the index. Throws `not-found` for an unknown id. */
export async function removeFeeds(
  request: { readonly ids: readonly string[]; readonly feeds?: string },
  context: Context,
): Promise<readonly string[]> {
  const store = feedStore(storeFolder(context, request.feeds))
  // One that is damaged is not known, and can be taken out all the same.
  const known = new Set((await store.soundFeeds()).map(({ state }) => state.id))
  const listed = new Set((await store.pointer())?.feeds.map(({ id }) => id))
  const unknown = request.ids.find((id) => !known.has(id) && !listed.has(id))
  if (unknown !== undefined) {
    throw new TemperError('not-found', `No feed is called "${unknown}"`, {
      hint: `The feeds are: ${[...known].join(', ') || 'none'}`,
    })
  }
  for (const id of request.ids) await store.remove(id)
  await store.publish({ now: context.now(), retention: retentionOf(context), signal: context.signal })
  return request.ids
}
