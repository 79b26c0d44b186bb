import { mapLimit } from '../../base/concurrency.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { formatPlatform } from '../../model/platform.ts'
import type { Reference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import { imageMembers } from '../../oci/image/members.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { formatReference } from '../../oci/reference.ts'
import type { Context } from '../context.ts'
import { openStoreFor } from './store.ts'

export interface TagSummary {
  readonly tag: string
  readonly digest: Digest
  readonly mediaType: string
  /** The platforms, if the image is for several. */
  readonly platforms?: readonly string[]
  /**
   * Bytes of all layers as transferred; of an image for several platforms, those of the first. Absent when it is not
   * an image.
   */
  readonly size?: number
  /** When it was made, as its configuration says: RFC 3339. */
  readonly created?: string
}

export interface TagList {
  readonly reference: string
  /** The youngest first; those without a time come last. */
  readonly tags: readonly TagSummary[]
}

/** Tags that are looked at: each takes a few requests. */
const tagLimit = 10_000
const atOnce = 8

/** The tags of a repository, layout or archive, with what they name. Documents attached to images do not count. */
export async function listTags(reference: Reference, context: Context): Promise<TagList> {
  const text = formatReference(reference)
  const store = await openStoreFor(reference, context)
  try {
    const names: string[] = []
    for await (const name of store.tags()) {
      names.push(name)
      if (names.length > tagLimit)
        throw new TemperError('limit-exceeded', `${text}: more than ${tagLimit} tags`)
    }
    const tags = await mapLimit(names, atOnce, (tag) => summaryOf(store, tag))
    const byAge = (a: TagSummary, b: TagSummary) =>
      order(b.created ?? '', a.created ?? '') || order(a.tag, b.tag)
    return { reference: text, tags: tags.sort(byAge) }
  } finally {
    await store.close()
  }
}

async function summaryOf(store: Store, tag: string): Promise<TagSummary> {
  const descriptor = await store.resolve(tag)
  const { digest, mediaType } = descriptor
  const images = await imageMembers(store, descriptor)
  const platforms = images.flatMap(({ platform }) =>
    platform === undefined ? [] : [formatPlatform(platform)],
  )
  const named = { tag, digest, mediaType, ...(platforms.length === 0 ? {} : { platforms }) }
  try {
    const image = await readImage(store, images[0] ?? descriptor)
    const { created } = image.config
    const size = image.layers.reduce((sum, layer) => sum + layer.descriptor.size, 0)
    return { ...named, size, ...(created === undefined ? {} : { created }) }
  } catch (error) {
    // A tag may stand for something else than an image: a chart, a bill of materials.
    if (error instanceof TemperError && error.code === 'bad-image') return named
    throw error
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
