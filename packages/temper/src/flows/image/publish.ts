import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { Progress } from '../../base/progress.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { copy } from '../../oci/copy.ts'
import { olderAttachments } from '../../oci/image/older-attachments.ts'
import { isRefusal } from '../../oci/store-error.ts'
import type { EvidencePolicy } from './evidence-policy.ts'
import { imageTree } from './tree.ts'

/** Something attached to an image that a registry did not take. */
export interface RefusedEvidence {
  readonly digest: Digest
  /** Its artifact type, or the tag of cosign's older scheme. */
  readonly type: string
  /** In the words of the registry. */
  readonly reason: string
}

export interface Publication {
  readonly from: Store
  readonly to: Store
  readonly root: Descriptor
  /** The tag that is set as the last step; without it the image has only its digest. */
  readonly name: string | undefined
  readonly evidence: EvidencePolicy
  readonly progress: Progress
  /** Repositories of the same registry that may have the blobs. */
  readonly mountFrom?: readonly string[]
}

/** Copies an image and its attachments, and sets the tag last. Returns the attachments that the target refused. */
export async function publish(publication: Publication): Promise<readonly RefusedEvidence[]> {
  const { from, to, root, name, evidence, progress, mountFrom } = publication
  const refused: RefusedEvidence[] = []
  const refuse = (type: string, digest: Digest, error: TemperError) => {
    if (evidence === 'require') throw refusal(type, error)
    refused.push({ digest, type, reason: error.message })
  }
  await copy(from, to, root, {
    progress,
    referrers: evidence === 'none' ? 'skip' : 'copy',
    onRefused: ({ artifactType, mediaType, digest }, error) =>
      refuse(artifactType ?? mediaType, digest, error),
    ...(mountFrom === undefined ? {} : { mountFrom }),
  })
  if (evidence !== 'none') await copyOlderAttachments(publication, refuse)
  if (name !== undefined) await to.tag(root, name)
  return refused
}

/** What older tools attached by tags: to the image, and to each platform of an image for several. */
async function copyOlderAttachments(
  { from, to, root }: Publication,
  refuse: (type: string, digest: Digest, error: TemperError) => void,
): Promise<void> {
  for (const { descriptor } of await imageTree(from, root)) {
    for (const attached of await olderAttachments(from, descriptor.digest)) {
      try {
        await copy(from, to, attached.descriptor)
        await to.tag(attached.descriptor, attached.tag)
      } catch (error) {
        if (!isRefusal(error)) throw error
        refuse(attached.tag, attached.descriptor.digest, error)
      }
    }
  }
}

function refusal(type: string, error: TemperError): TemperError {
  return new TemperError(
    error.code,
    `The registry refused what is attached to the image (${type}). ${error.message}`,
    {
      next: { action: 'publish-without-evidence' },
      details: error.details,
      cause: error,
    },
  )
}
