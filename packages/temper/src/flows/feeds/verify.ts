import { join } from 'node:path'
import { currentPointer } from '../../advisory/index/open-index.ts'
import { indexFolder } from '../../advisory/index/store/names.ts'
import { feedStore } from '../../advisory/index/store/store.ts'
import { type VerifiedIndex, verifyIndex } from '../../advisory/index/verify-index.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { throwIfStopped } from '../../base/stop.ts'
import type { Context } from '../context.ts'
import { digestOfFile } from './import.ts'
import { isStore, storeFolder } from './store.ts'

/** An intact file; `digest` is the SHA-256 of its bytes, as reported when it was exported. */
export interface VerifiedFile extends Omit<VerifiedIndex, 'digest'> {
  readonly digest: Digest
}

/**
 * Reads all files of a store, or one exported file, completely, and checks digests, order, shape and numbers. Throws
 * `bad-index` for the first damaged one.
 */
export async function verifyFeeds(
  request: { readonly feeds?: string },
  context: Context,
): Promise<readonly VerifiedFile[]> {
  const path = storeFolder(context, request.feeds)
  if (!(await isStore(path))) return [await fileOf(await verifyIndex(path))]
  const verified = [await fileOf(await verifyIndex(join(path, indexFolder, currentPointer(path).file)))]
  const store = feedStore(path)
  for (const feed of await store.feeds()) {
    throwIfStopped(context.signal)
    const part = await verifyIndex(store.partPath(feed))
    if (part.digest !== feed.partDigest) {
      throw new TemperError('bad-index', `${part.path}: it is not what was stored for ${feed.state.id}`, {
        next: { action: 'update-feeds' },
      })
    }
    verified.push(await fileOf(part))
  }
  return verified
}

async function fileOf(verified: VerifiedIndex): Promise<VerifiedFile> {
  return { ...verified, digest: await digestOfFile(verified.path) }
}
