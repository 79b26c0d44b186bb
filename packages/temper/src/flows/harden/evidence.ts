import { temperVersion } from '../../base/version.ts'
import { readImageInventory } from '../../inventory/reading/image.ts'
import type { Image } from '../../model/image.ts'
import type { Artifact } from '../../oci/image/artifact.ts'
import { describeInventory } from '../../sbom/describe/inventory.ts'
import { evidenceOf } from '../build/describe.ts'
import type { Context } from '../context.ts'
import { readingOptions } from '../inventory/reading-options.ts'

/** Bills of materials of the hardened image, read from its layers as for any image. */
export async function sbomArtifacts(
  image: Image,
  { name, created }: { readonly name: string; readonly created: string },
  context: Context,
): Promise<readonly Artifact[]> {
  const inventory = await readImageInventory(image, { ...readingOptions(context), sha1: true })
  const { architecture } = image.config
  const sbom = describeInventory(inventory, {
    generator: { name: 'temper', version: temperVersion() },
    subject: { kind: 'image', name, digest: image.descriptor.digest, architecture, created },
  })
  return evidenceOf(sbom, image)
}
