import { TemperError } from '../base/error.ts'
import type { Descriptor } from '../model/image.ts'
import type { Reference } from '../model/reference.ts'
import type { Store } from '../model/store.ts'
import type { ListingStore } from '../oci/layout-reader.ts'
import { formatReference, parseReference } from '../oci/reference.ts'
import type { Context } from './context.ts'
import { openStoreFor } from './store.ts'

/** An image that a person named, found. */
export interface ImageSource {
  readonly reference: Reference
  /** As every command takes it. */
  readonly text: string
  readonly store: Store
  /** The manifest or index that the reference names. */
  readonly root: Descriptor
}

/**
 * Finds what a reference names. Without tag and digest it is the only image of a layout or archive, and
 * `latest` in a registry. Throws `bad-reference`, `not-found`, `bad-usage` when several images could be meant.
 */
export async function openImage(text: string, context: Context): Promise<ImageSource> {
  const reference = parseReference(text)
  const store = await openStoreFor(reference, context)
  const root = await rootOf(reference, store)
  return { reference, text: formatReference(reference), store, root }
}

async function rootOf(reference: Reference, store: Store): Promise<Descriptor> {
  const name = nameOf(reference)
  if (name !== undefined) return store.resolve(name)
  if (!isListing(store)) return store.resolve('latest')
  const images = await store.images()
  const [only] = images
  if (only !== undefined && images.length === 1) return only
  const place = formatReference(reference)
  if (images.length === 0) throw new TemperError('not-found', `${place} holds no image`)
  const names: string[] = []
  for await (const tag of store.tags()) names.push(tag)
  throw new TemperError(
    'bad-usage',
    `${place} holds ${images.length} images: ${names.join(', ') || 'none has a name'}`,
    {
      hint: `Name one of them, such as ${place}${names[0] === undefined ? `@${images[0]?.digest ?? ''}` : `:${names[0]}`}`,
    },
  )
}

/** What to ask a store for: the digest, else the tag or name; undefined when the reference has neither. */
export function nameOf(reference: Reference): string | undefined {
  if (reference.digest !== undefined) return reference.digest
  return reference.kind === 'docker-archive' ? reference.name : reference.tag
}

function isListing(store: Store): store is ListingStore {
  return 'images' in store && typeof store.images === 'function'
}
