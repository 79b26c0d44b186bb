import { collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { type ParsedManifest, parseManifest } from './manifest.ts'
import { manifestLimit } from './media-type.ts'

/** Reads and checks the manifest or index that a descriptor names. */
export async function readManifest(store: Store, descriptor: Descriptor): Promise<ParsedManifest> {
  const bytes = await readBounded(store, descriptor, manifestLimit)
  return parseManifest(bytes, descriptor.digest, descriptor.mediaType)
}

/** Reads a small blob whole. Its size is checked before anything is read. */
export async function readBounded(store: Store, descriptor: Descriptor, limit: number): Promise<Uint8Array> {
  if (descriptor.size > limit)
    throw new TemperError(
      'limit-exceeded',
      `${descriptor.digest}: ${descriptor.size} bytes, more than the limit of ${limit}`,
    )
  return collect(store.fetch(descriptor), { limit, what: descriptor.digest })
}
