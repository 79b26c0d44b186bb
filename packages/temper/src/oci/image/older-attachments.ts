import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { olderTags } from '../name.ts'

/** A manifest, with the tag that says what it belongs to. */
export interface Tagged {
  readonly tag: string
  readonly descriptor: Descriptor
}

/** The signatures and attestations that a manifest has under the tags of cosign's older scheme. */
export async function olderAttachments(store: Store, subject: Digest): Promise<readonly Tagged[]> {
  const tagged: Tagged[] = []
  for (const tag of Object.values(olderTags(subject))) {
    const descriptor = await resolveIfThere(store, tag)
    if (descriptor !== undefined) tagged.push({ tag, descriptor })
  }
  return tagged
}

/** The descriptor that a name stands for; undefined when there is no such name. */
export async function resolveIfThere(store: Store, name: string): Promise<Descriptor | undefined> {
  try {
    return await store.resolve(name)
  } catch (error) {
    if (error instanceof TemperError && error.code === 'not-found') return undefined
    throw error
  }
}
