import { rm } from 'node:fs/promises'
import { mergeIndexes } from '../../advisory/index/merge-indexes.ts'
import { openIndexFile } from '../../advisory/index/storage/open-file.ts'
import type { FeedStore } from '../../advisory/index/store/store.ts'
import { verifyIndex } from '../../advisory/index/verify-index.ts'
import type { TakenFeed, TakeOptions } from './take.ts'

/**
 * Takes every feed of an exported file into a store, where it replaces the one with the same id; feeds keep the dates
 * on which they were fetched. The whole file is read first, so that a damaged one changes nothing.
 */
export async function importExported(
  store: FeedStore,
  path: string,
  options: TakeOptions,
): Promise<readonly TakenFeed[]> {
  await verifyIndex(path)
  const file = openIndexFile(path)
  const { feeds } = file.meta
  file.close()
  const taken: TakenFeed[] = []
  for (const [position, state] of feeds.entries()) {
    const part = await store.newPart()
    const signal = options.signal === undefined ? {} : { signal: options.signal }
    const written = await mergeIndexes(part, [{ path, position }], signal)
    try {
      await store.put({ state, partDigest: written.digest, partSize: written.size }, part)
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
    taken.push({ state, skipped: [] })
  }
  return taken
}
