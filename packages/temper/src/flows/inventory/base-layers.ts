import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { statedBase } from '../../inventory/summary/origin.ts'
import type { Image } from '../../model/image.ts'
import { architectures } from '../../model/platform.ts'
import type { Store } from '../../model/store.ts'
import { readImage } from '../../oci/image/read-image.ts'

/**
 * Diff ids of the layers of the image that an image says it was built on, if that is in the same store; none when it
 * names no base or a missing one. An image may claim any base, so only the base layers that the image actually has
 * count.
 */
export async function baseLayersOf(store: Store, image: Image): Promise<readonly Digest[]> {
  const digest = statedBase(image)
  if (digest === undefined) return []
  const architecture = architectures.find((known) => known === image.config.architecture)
  const platform = architecture === undefined ? {} : { platform: { os: 'linux', architecture } as const }
  try {
    return (await readImage(store, await store.resolve(digest), platform)).config.rootfs.diff_ids
  } catch (error) {
    // It tells only where layers come from: a base that cannot be read must not keep anyone from scanning.
    if (error instanceof TemperError && error.code !== 'internal') return []
    throw error
  }
}
