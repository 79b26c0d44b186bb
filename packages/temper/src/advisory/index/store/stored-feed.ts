import { basename } from 'node:path'
import type { FeedState } from '../../../model/advisory/advisory.ts'
import type { SkippedItem } from '../../feed-item.ts'
import { badIndexFile } from '../storage/index-error.ts'
import { parseSealed } from './sealed-json.ts'

/** What a store keeps of a feed beside its index file. */
export interface StoredFeed {
  readonly state: FeedState
  /** Name of its index file in the same folder. */
  readonly part: string
  /** SHA-256 in hex of that file's description, which holds the digest of the rest. */
  readonly partDigest: string
  /** Bytes of that file. */
  readonly partSize: number
  /** What the server said of the file, for asking whether it changed (RFC 9110, section 13). */
  readonly etag?: string
  readonly lastModified?: string
  /** The first few records that were left out. */
  readonly skipped?: readonly SkippedItem[]
}

/** Reads the description of a feed. Throws `bad-index` when it is damaged. */
export function readStoredFeed(bytes: Uint8Array, path: string): StoredFeed {
  const feed = parseSealed<Partial<StoredFeed>>(basename(path), bytes, path)
  const state = feed.state
  const sound =
    typeof state?.id === 'string' &&
    typeof state.kind === 'string' &&
    Number.isSafeInteger(state.count) &&
    typeof feed.part === 'string' &&
    /^[A-Za-z0-9.-]+\.part$/.test(feed.part) &&
    typeof feed.partDigest === 'string'
  if (!sound) throw badIndexFile(path, 'it does not describe a feed')
  return feed as StoredFeed
}
