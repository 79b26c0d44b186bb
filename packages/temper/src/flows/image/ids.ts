import type { Digest } from '../../base/digest.ts'
import type { Reference } from '../../model/reference.ts'
import { imageMembers } from '../../oci/image/members.ts'
import { readManifest } from '../../oci/image/read-manifest.ts'
import type { Context } from '../context.ts'
import { openImage } from './source.ts'

/**
 * The ids by which container engines and clusters know an image: its own digest, those of its platforms'
 * manifests, and those of their configurations (what Docker calls the image id). Errors: those of reading
 * images.
 */
export async function imageIds(
  request: { readonly reference: Reference },
  context: Context,
): Promise<readonly Digest[]> {
  const { store, root } = await openImage(request.reference, context)
  try {
    const ids = new Set<Digest>([root.digest])
    for (const member of await imageMembers(store, root)) {
      ids.add(member.digest)
      const parsed = await readManifest(store, member)
      if (parsed.kind === 'manifest') ids.add(parsed.manifest.config.digest)
    }
    return [...ids]
  } finally {
    await store.close()
  }
}
