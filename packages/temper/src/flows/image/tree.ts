import type { Descriptor } from '../../model/image.ts'
import { formatPlatform, type ImagePlatform } from '../../model/platform.ts'
import type { Store } from '../../model/store.ts'
import { imageMembers } from '../../oci/image/members.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { readManifest } from '../../oci/image/read-manifest.ts'

/** An image, or one platform of an image for several. */
export interface TreeImage {
  readonly descriptor: Descriptor
  /** "linux/amd64"; absent for the root. */
  readonly platform?: string
}

/**
 * The images that a reference stands for: the manifest or index, then the image of each platform. Every manifest is
 * read, so that it is known to exist and to match its digest.
 */
export async function imageTree(
  store: Store,
  root: Descriptor,
): Promise<readonly [TreeImage, ...TreeImage[]]> {
  const tree: [TreeImage, ...TreeImage[]] = [{ descriptor: root }]
  for (const member of await imageMembers(store, root)) {
    if (member.digest === root.digest) continue
    await readManifest(store, member)
    const platform = formatPlatform(member.platform ?? { os: 'unknown', architecture: 'unknown' })
    tree.push({ descriptor: member, platform })
  }
  return tree
}

/** The root, or the image of the requested platform. */
export async function chosenImage(
  store: Store,
  root: Descriptor,
  platform: ImagePlatform | undefined,
): Promise<Descriptor> {
  if (platform === undefined) return root
  return (await readImage(store, root, { platform })).descriptor
}
