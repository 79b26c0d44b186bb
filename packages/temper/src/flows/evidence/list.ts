import type { Digest } from '../../base/digest.ts'
import { expiresKey } from '../../model/assess/companion.ts'
import type { Evidence } from '../../model/attestation.ts'
import type { Reference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import { readManifest } from '../../oci/image/read-manifest.ts'
import type { Context } from '../context.ts'
import { openImage } from '../image/source.ts'
import { imageTree, type TreeImage } from '../image/tree.ts'
import { type Attached, judgeAttached, withBeside } from '../trust/attached.ts'
import { judgeBeside } from '../trust/beside.ts'
import { admitted, type ImageTrust } from '../trust/image-trust.ts'
import { checkTrust, openTrust, type TrustRequest } from '../trust/open.ts'

export interface EvidenceRequest extends TrustRequest {
  readonly reference: Reference
}

export interface EvidenceList {
  readonly reference: string
  /** Digest of the image, or of the index of an image for several platforms. */
  readonly subject: Digest
  /** What is attached to the image, then to each of its platforms; last, what a build tool put into the index beside them. */
  readonly evidence: readonly Evidence[]
}

/** Lists what is attached to an image, who signed it, and whether it verifies. */
export async function listEvidence(request: EvidenceRequest, context: Context): Promise<EvidenceList> {
  // What is wrong with whom to trust is told before a registry is asked.
  await checkTrust(request, request.reference, context)
  const { reference, tree, attached } = await gatherEvidence(request, context)
  return { reference, subject: tree[0].descriptor.digest, evidence: attached.map(withoutDocument) }
}

/** The image with its platforms, and everything that is attached to each of them. */
export async function gatherEvidence(
  request: EvidenceRequest,
  context: Context,
): Promise<{
  readonly reference: string
  readonly tree: readonly [TreeImage, ...TreeImage[]]
  readonly attached: readonly Attached[]
  readonly trust: ImageTrust
  /** The days until which the image and its platforms may be used, if they say so. */
  readonly expires: readonly string[]
}> {
  const { store, root, text } = await openImage(request.reference, context)
  try {
    const trust = await openTrust(request, request.reference, context)
    const tree = await imageTree(store, root)
    const attached: Attached[] = []
    for (const { descriptor } of tree) attached.push(...(await judgeAttached(store, descriptor, trust)))
    const beside = await judgeBeside(store, root, trust)
    const expires = await expiresOf(store, tree)
    const judged = withBeside(attached, beside).map((each) => admitted(each, trust))
    return { reference: text, tree, attached: judged, trust, expires }
  } finally {
    await store.close()
  }
}

/** Annotations of manifests: what signatures cover. */
async function expiresOf(store: Store, tree: readonly TreeImage[]): Promise<readonly string[]> {
  const days: string[] = []
  for (const { descriptor } of tree) {
    const parsed = await readManifest(store, descriptor)
    const { annotations } = parsed.kind === 'index' ? parsed.index : parsed.manifest
    const day = annotations?.[expiresKey]
    if (day !== undefined) days.push(day)
  }
  return days
}

/** Evidence without the document itself. */
export function withoutDocument({
  statement: _,
  document: _document,
  vouchers: _vouchers,
  denial: _denial,
  ...evidence
}: Attached): Evidence {
  return evidence
}
