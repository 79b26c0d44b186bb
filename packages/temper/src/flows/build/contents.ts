import type { ImagePlan } from '../../assemble/plan.ts'
import { unreachedOf } from '../../assemble/root/unreached.ts'
import { temperVersion } from '../../base/version.ts'
import type { DescribedRelease } from '../../distro/open.ts'
import type { Distro } from '../../model/distro.ts'
import type { Image } from '../../model/image.ts'
import { parsePlatform } from '../../model/platform.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { Sbom } from '../../model/sbom.ts'
import { describeContents } from '../../sbom/describe/describe.ts'
import { packageRelations } from './package-relations.ts'
import { recipeComponents } from './recipe-components.ts'

/** Everything that is in an image just assembled, from its plan. Reads nothing from the disk. */
export async function contentsOf(
  plan: ImagePlan,
  image: Image,
  about: { readonly recipe: Recipe; readonly distro: Distro; readonly release: DescribedRelease },
): Promise<Sbom> {
  const { recipe, distro, release } = about
  const { architecture, created = '' } = image.config
  const { id, version, title = '' } = release.distribution
  return describeContents({
    generator: { name: 'temper', version: temperVersion() },
    subject: { kind: 'image', name: recipe.name, digest: image.descriptor.digest, architecture, created },
    distribution: { id, version, title },
    packageType: release.packageType,
    packages: plan.packages,
    components: await recipeComponents(plan.root),
    nodes: plan.root.nodes(),
    dependsOn: packageRelations(plan.packages, {
      architecture: parsePlatform(architecture).architecture,
      distro,
    }),
    unreached: unreachedOf(plan.stripped),
    supplier: distro.supplier,
  })
}
