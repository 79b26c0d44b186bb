import type { Digest } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import type { Store } from '../model/store.ts'
import { copy } from '../oci/copy.ts'
import { olderAttachments } from '../oci/older-attachments.ts'
import { formatReference, parseReference } from '../oci/reference.ts'
import type { Context } from './context.ts'
import { type ImageSource, nameOf, openImage } from './image-source.ts'
import { imageTree } from './image-tree.ts'
import { openStoreFor } from './store.ts'

export interface CopyRequest {
  /** References as text. */
  readonly from: string
  readonly to: string
  /** Also what is attached to the image. */
  readonly referrers: boolean
}

export interface CopyResult {
  readonly from: string
  /** Where the copy is, as every command takes it. */
  readonly reference: string
  readonly digest: Digest
}

/** Copies an image with everything that it names; the tag of the target is set last. */
export async function copyImage(request: CopyRequest, context: Context): Promise<CopyResult> {
  const to = parseReference(request.to)
  if (to.digest !== undefined) {
    throw new TemperError('bad-usage', `Cannot copy to ${request.to}: a digest follows from the content`, {
      hint: 'Name the target with a tag instead.',
    })
  }
  const source = await openImage(request.from, context)
  const target = await openStoreFor(to, context)
  const from = source.reference
  // Nobody could find it in an archive of Docker's.
  const attached = request.referrers && to.kind !== 'docker-archive'
  await copy(source.store, target, source.root, {
    progress: context.progress,
    referrers: attached ? 'copy' : 'skip',
    ...(from.kind === 'registry' && to.kind === 'registry' && from.registry === to.registry
      ? { mountFrom: [from.repository] }
      : {}),
  })
  if (attached) await copyOlderAttachments(source, target)
  await target.tag(source.root, nameOf(to) ?? nameOf(from) ?? 'latest')
  await target.close()
  await source.store.close()
  return { from: source.text, reference: formatReference(to), digest: source.root.digest }
}

/** What older tools attached by tags: to the image, and to each platform of an image for several. */
async function copyOlderAttachments({ store, root }: ImageSource, target: Store): Promise<void> {
  for (const { descriptor } of await imageTree(store, root)) {
    for (const attached of await olderAttachments(store, descriptor.digest)) {
      await copy(store, target, attached.descriptor)
      await target.tag(attached.descriptor, attached.tag)
    }
  }
}
