import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { Reference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import { copy } from '../../oci/copy.ts'
import { olderAttachments } from '../../oci/image/older-attachments.ts'
import { isTag } from '../../oci/name.ts'
import { targetName } from '../../oci/open-store.ts'
import { formatReference, parseReference } from '../../oci/reference.ts'
import type { Context } from '../context.ts'
import { type ImageSource, openImage } from './source.ts'
import { openStoreFor } from './store.ts'
import { imageTree } from './tree.ts'

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
  try {
    const target = named(to, source.reference)
    await copyTo(target, source, { referrers: request.referrers, context })
    return { from: source.text, reference: formatReference(target), digest: source.root.digest }
  } finally {
    await source.store.close()
  }
}

/** The target with a tag in any case: its own, else that of the source, else "latest". */
function named(to: Reference, from: Reference): Reference {
  if (to.kind === 'docker-archive') return { ...to, name: targetName(to) }
  const tag = from.kind === 'docker-archive' ? from.name?.replace(/^.*:/s, '') : from.tag
  // A layout may have names that no registry takes.
  const fits = tag !== undefined && (to.kind !== 'registry' || isTag(tag))
  return { ...to, tag: to.tag ?? (fits ? tag : 'latest') }
}

async function copyTo(
  to: Reference,
  source: ImageSource,
  options: { readonly referrers: boolean; readonly context: Context },
): Promise<void> {
  const from = source.reference
  const target = await openStoreFor(to, options.context)
  try {
    // Nobody could find it in an archive of Docker's.
    const attached = options.referrers && to.kind !== 'docker-archive'
    await copy(source.store, target, source.root, {
      progress: options.context.progress,
      referrers: attached ? 'copy' : 'skip',
      ...(from.kind === 'registry' && to.kind === 'registry' && from.registry === to.registry
        ? { mountFrom: [from.repository] }
        : {}),
    })
    if (attached) await copyOlderAttachments(source, target)
    await target.tag(source.root, targetName(to))
  } finally {
    // Finishes an archive that got its tag; drops what an error left incomplete.
    await target.close()
  }
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
