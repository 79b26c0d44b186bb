import type { ImagePlan } from '../../assemble/plan.ts'
import { temperVersion } from '../../base/version.ts'
import type { DescribedRelease } from '../../distro/open.ts'
import { readImageInventory } from '../../inventory/reading/image.ts'
import type { Distro } from '../../model/distro.ts'
import type { Image } from '../../model/image.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { Sbom, SbomPackage } from '../../model/sbom.ts'
import { Rootfs } from '../../model/tree/rootfs.ts'
import { describeInventory } from '../../sbom/describe/inventory.ts'
import { contentsOf } from '../build/contents.ts'
import type { Context } from '../context.ts'
import { readingOptions } from '../inventory/reading-options.ts'

/**
 * Everything that is in an image with a base: read from its layers as for any image, and, for packages that this
 * build brought, with what only the build knows (their origin and digests).
 */
export async function contentsOver(
  plan: ImagePlan,
  image: Image,
  about: {
    readonly recipe: Recipe
    readonly distro: Distro
    readonly release: DescribedRelease
    readonly context: Context
  },
): Promise<Sbom> {
  const { context, recipe } = about
  const inventory = await readImageInventory(image, { ...readingOptions(context), sha1: true })
  const { architecture, created = '' } = image.config
  const read = describeInventory(inventory, {
    generator: { name: 'temper', version: temperVersion() },
    subject: { kind: 'image', name: recipe.name, digest: image.descriptor.digest, architecture, created },
  })
  if (plan.packages.length === 0) return read
  const own = await contentsOf({ ...plan, root: new Rootfs() }, image, about)
  const known = new Map(own.packages.map((entry) => [entry.name, entry]))
  return { ...read, packages: read.packages.map((entry) => withOrigin(entry, known, about)) }
}

function withOrigin(
  entry: SbomPackage,
  known: ReadonlyMap<string, SbomPackage>,
  { release }: { readonly release: DescribedRelease },
): SbomPackage {
  const own = entry.type === release.packageType ? known.get(entry.name) : undefined
  if (own === undefined || own.version !== entry.version) return entry
  const { id: _id, dependsOn: _needs, ...said } = own
  return { ...entry, ...said }
}
