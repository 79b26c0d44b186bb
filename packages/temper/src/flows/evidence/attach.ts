import type { Descriptor } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import type { Artifact } from '../../oci/image/artifact.ts'

/** Writes what is attached to an image that is in the store: blobs first, so that nothing is listed incomplete. */
export async function attach(store: Store, artifact: Artifact): Promise<Descriptor> {
  for (const blob of artifact.blobs) await store.push(blob)
  await store.push(artifact.manifest)
  return artifact.manifest.descriptor
}
