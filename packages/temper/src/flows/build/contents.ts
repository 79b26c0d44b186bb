import type { ImagePlan } from '../../assemble/plan.ts'
import { temperVersion } from '../../base/version.ts'
import { debianArchives, findRelease } from '../../distro/debian/releases.ts'
import type { Distro } from '../../model/distro.ts'
import type { Image } from '../../model/image.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { Sbom } from '../../model/sbom.ts'
import { describeContents } from '../../sbom/describe/describe.ts'
import { packageRelations } from './package-relations.ts'
import { recipeComponents } from './recipe-components.ts'

/** Everything that is in an image just assembled, from its plan. Reads nothing from the disk. */
export async function contentsOf(
  plan: ImagePlan,
  image: Image,
  about: { readonly recipe: Recipe; readonly distro: Distro },
): Promise<Sbom> {
  const { recipe, distro } = about
  const { architecture, created = '' } = image.config
  const { ID, VERSION_ID, PRETTY_NAME } = findRelease(recipe.distribution).osRelease
  const debian: readonly string[] = debianArchives
  return describeContents({
    generator: { name: 'temper', version: temperVersion() },
    subject: { kind: 'image', name: recipe.name, digest: image.descriptor.digest, architecture, created },
    distribution: { id: ID ?? distro.id, version: VERSION_ID ?? '', title: PRETTY_NAME ?? '' },
    packages: plan.packages,
    components: await recipeComponents(plan.root),
    nodes: plan.root.nodes(),
    dependsOn: packageRelations(plan.packages, { architecture, compareVersions: distro.compareVersions }),
    supplier: (repository) => (debian.includes(repository) ? 'Debian' : undefined),
  })
}
