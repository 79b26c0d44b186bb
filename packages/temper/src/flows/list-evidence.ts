import type { Digest } from '../base/digest.ts'
import type { Evidence } from '../model/attestation.ts'
import { type Attached, judgeAttached } from './attached.ts'
import type { Context } from './context.ts'
import { openImage } from './image-source.ts'
import { imageTree, type TreeImage } from './image-tree.ts'
import { readTrustedKeys } from './trusted-keys.ts'

export interface EvidenceRequest {
  /** Image as text. */
  readonly reference: string
  /** Files with the public keys that are trusted; without one nothing is verified. */
  readonly keys: readonly string[]
}

export interface EvidenceList {
  readonly reference: string
  /** Of the image, or of the index of an image for several platforms. */
  readonly subject: Digest
  /** What is attached to the image, then to each of its platforms. */
  readonly evidence: readonly Evidence[]
}

/** What is attached to an image, who signed it, and whether it verifies. */
export async function listEvidence(request: EvidenceRequest, context: Context): Promise<EvidenceList> {
  const { reference, tree, attached } = await gatherEvidence(request, context)
  return { reference, subject: tree[0].descriptor.digest, evidence: attached.map(withoutDocument) }
}

/** The image with its platforms, and all that is attached to each of them. */
export async function gatherEvidence(
  request: EvidenceRequest,
  context: Context,
): Promise<{
  readonly reference: string
  readonly tree: readonly [TreeImage, ...TreeImage[]]
  readonly attached: readonly Attached[]
}> {
  const keys = await readTrustedKeys(request.keys, context)
  const { store, root, text } = await openImage(request.reference, context)
  try {
    const tree = await imageTree(store, root)
    const attached: Attached[] = []
    for (const { descriptor } of tree) attached.push(...(await judgeAttached(store, descriptor, keys)))
    return { reference: text, tree, attached }
  } finally {
    await store.close()
  }
}

/** Evidence without the document itself. */
export function withoutDocument({ statement: _, document: _document, ...evidence }: Attached): Evidence {
  return evidence
}
