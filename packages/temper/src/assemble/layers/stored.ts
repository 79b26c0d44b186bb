import type { ByteStream } from '../../base/bytes.ts'
import type { Digest } from '../../base/digest.ts'
import type { AssemblyCache, SegmentMaker } from '../packages/cache.ts'

/** A segment in the cache. */
export interface CachedSegment {
  readonly key: Digest
  readonly maker: SegmentMaker
}

/** What the bytes of a layer are put together from: complete members before and after those of cached segments. */
export interface StoredLayer {
  readonly head: readonly Uint8Array[]
  readonly segments: readonly CachedSegment[]
  readonly end: Uint8Array
}

/** The same with chunks that nobody else has: whoever reads them may release them. */
export async function* readOwned(
  { head, segments, end }: StoredLayer,
  cache: Pick<AssemblyCache, 'readSegment'>,
): ByteStream {
  for (const member of head) yield new Uint8Array(member)
  for (const { key, maker } of segments) yield* cache.readSegment(key, maker)
  yield new Uint8Array(end)
}

/** The bytes of a layer, each chunk one complete member. */
export async function* readStored(
  { head, segments, end }: StoredLayer,
  cache: Pick<AssemblyCache, 'readSegment'>,
): ByteStream {
  yield* head
  for (const { key, maker } of segments) yield* cache.readSegment(key, maker)
  yield end
}
