import { RegistryError } from './error.ts'
import type { GateVerdict, ImageGate } from './image-gate.ts'
import { type ManifestDocument, parseManifestDocument } from './manifest-document.ts'
import type { ContentDigest } from './name.ts'
import type { ManifestPlace } from './place.ts'

/** Deepest index within an index that is looked into. */
const depthLimit = 8
/** Reasons that a client is told; all of them are kept. */
const reasonsTold = 10

/** Layers that a runtime unpacks: what has one can be run (image-spec layer.md). */
const layerType = /^application\/vnd\.(?:oci\.image\.layer\.|docker\.image\.rootfs\.)/

/**
 * Judges an image by the policy before it gets its tags. A refused image stays without them, in quarantine, and the
 * client is told why. Attachments of images do not run, and are not judged.
 */
export async function guard(
  place: ManifestPlace,
  image: {
    readonly digest: ContentDigest
    readonly document: ManifestDocument
    readonly tags: readonly string[]
  },
  { gate, now }: { readonly gate: ImageGate; readonly now: Date },
): Promise<void> {
  const { digest, document, tags } = image
  if (!(await runs(place, document, 0))) return
  const verdict = await gate(place.name, digest)
  if (verdict.allowed) return await place.repository.release(digest)
  const { policy, reasons } = verdict
  await place.repository.quarantine({ digest, tags, policy, reasons, since: now.toISOString() })
  throw refused(place, verdict)
}

async function runs(place: ManifestPlace, document: ManifestDocument, depth: number): Promise<boolean> {
  if (document.layerTypes.some((type) => layerType.test(type))) return true
  if (depth > depthLimit) return true
  for (const digest of document.manifests) {
    const child = await place.memory.read(place.name, digest)
    if (child === undefined) continue
    if (await runs(place, parseManifestDocument(child.bytes, child.mediaType), depth + 1)) return true
  }
  return false
}

function refused({ name }: ManifestPlace, { policy, reasons }: GateVerdict): RegistryError {
  const told = reasons.slice(0, reasonsTold).map(({ rule, found }) => `${rule}: ${found}`)
  const more = reasons.length > told.length ? [`and ${reasons.length - told.length} more`] : []
  return new RegistryError(
    'DENIED',
    `the policy ${policy} refuses the image, which is kept in ${name} without a tag: ${[...told, ...more].join('; ')}`,
    { detail: { policy, reasons } },
  )
}
