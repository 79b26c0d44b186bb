import { type Digest, sha256 } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { manifestKind } from '../../oci/image/media-type.ts'
import { olderAttachments } from '../../oci/image/older-attachments.ts'
import { readManifest } from '../../oci/image/read-manifest.ts'

/**
 * Covers what is attached to images, to their platforms and to what is attached itself, by either scheme, with what is told of
 * each before it is read: an image's own digest says nothing about that. Errors: those of reading manifests.
 */
export async function attachedDigest(store: Store, images: readonly Digest[]): Promise<Digest> {
  const known = new Set<Digest>()
  const told: string[] = []
  const pending: Descriptor[] = []
  for (const digest of images) pending.push(await store.resolve(digest))
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const { digest: subject, mediaType } = at
    if (known.has(subject) || manifestKind(mediaType) === undefined) continue
    known.add(subject)
    const parsed = await readManifest(store, at)
    if (parsed.kind === 'index') pending.push(...parsed.index.manifests)
    const attached: (Descriptor & { readonly name?: string })[] = []
    for await (const each of store.referrers(subject)) attached.push(each)
    for (const { descriptor, tag: name } of await olderAttachments(store, subject))
      attached.push(Object.assign({ name }, descriptor))
    for (const { name, digest, artifactType, annotations } of attached)
      told.push(canonicalJson({ subject, name, digest, artifactType, annotations }))
    pending.push(...attached)
  }
  return sha256(Buffer.from(told.sort().join('\n')))
}
