import { bytesOf } from '../../base/bytes.ts'
import { type Digest, sha256 } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { type Blob, type Descriptor, type Manifest, mediaTypes } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { resolveIfThere } from '../../oci/image/older-attachments.ts'
import { readManifest } from '../../oci/image/read-manifest.ts'
import { olderTags } from '../../oci/name.ts'

/** A signed document for cosign's older scheme. */
export interface OlderDocument {
  readonly bytes: Uint8Array
  readonly mediaType: string
  readonly annotations: Readonly<Record<string, string>>
}

/**
 * Adds a document to those under the tag of cosign's older scheme (cosign, SIGNATURE_SPEC.md, "Storage"): each is a
 * layer of one manifest. Registries cannot change a tag atomically, so one of two simultaneous signatures may get
 * lost, which cannot happen with referrers.
 */
export async function addOlderDocument(
  store: Store,
  place: { readonly subject: Digest; readonly kind: keyof ReturnType<typeof olderTags> },
  document: OlderDocument,
): Promise<Descriptor> {
  const tag = olderTags(place.subject)[place.kind]
  const content = blobOf(document.bytes, document.mediaType)
  const layers = [
    ...(await existingLayers(store, tag)),
    { ...content.descriptor, annotations: document.annotations },
  ]
  const config = blobOf(
    Buffer.from(
      canonicalJson({
        architecture: '',
        os: '',
        config: {},
        rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.digest) },
      }),
    ),
    mediaTypes.ociConfig,
  )
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: config.descriptor,
    layers,
  }
  const root = blobOf(Buffer.from(canonicalJson(manifest)), mediaTypes.ociManifest)
  for (const blob of [content, config, root]) await store.push(blob)
  await store.tag(root.descriptor, tag)
  return content.descriptor
}

async function existingLayers(store: Store, tag: string): Promise<readonly Descriptor[]> {
  const root = await resolveIfThere(store, tag)
  if (root === undefined) return []
  const parsed = await readManifest(store, root)
  return parsed.kind === 'manifest' ? parsed.manifest.layers : []
}

function blobOf(bytes: Uint8Array, mediaType: string): Blob {
  return { descriptor: { mediaType, digest: sha256(bytes), size: bytes.length }, open: () => bytesOf(bytes) }
}
