import type { Descriptor } from '../../model/image.ts'
import type { Reference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import { resolveReference } from '../../oci/open-store.ts'
import { formatReference } from '../../oci/reference.ts'
import type { Context } from '../context.ts'
import { openStoreFor } from './store.ts'

/** The image that a reference names. Close the store when done. */
export interface ImageSource {
  readonly reference: Reference
  /** The reference, as every command takes it. */
  readonly text: string
  readonly store: Store
  /** The manifest or index that the reference names. */
  readonly root: Descriptor
}

/**
 * Finds the image that a reference names. Without tag and digest it is the only image of a layout or archive, and
 * `latest` in a registry. Throws `not-found`, and `bad-reference` also when several images could be meant.
 */
export async function openImage(reference: Reference, context: Context): Promise<ImageSource> {
  const store = await openStoreFor(reference, context)
  try {
    const root = await resolveReference(store, reference)
    return { reference, text: formatReference(reference), store, root }
  } catch (error) {
    await store.close()
    throw error
  }
}
