import type { ImageEvidence } from '../../advisory/vex/author/evidence.ts'
import type { ImagePlan } from '../../assemble/plan.ts'
import { describeRelease } from '../../distro/open.ts'
import type { Image } from '../../model/image.ts'
import type { LockedPlatform } from '../../model/lock.ts'
import { formatPlatform, parsePlatform } from '../../model/platform.ts'
import type { Relaxation } from '../../model/recipe.ts'
import type { RecipeFile } from '../../model/recipe-parts/file-request.ts'
import type { Artifact } from '../../oci/image/artifact.ts'
import { gatherContents } from '../assemble/gather.ts'
import type { AssemblyTools } from '../assemble/tools.ts'
import type { Context } from '../context.ts'
import type { RecipeTarget } from '../lock/recipe-target.ts'
import type { PlatformResult } from './result.ts'

export interface BuiltPlatform {
  readonly image: Image
  /** What is attached to it. */
  readonly evidence: readonly Artifact[]
  /** What statements about vulnerabilities in it are made from. */
  readonly vexEvidence: ImageEvidence
  readonly result: PlatformResult
}

/** Plans, proves and composes the image of one platform; its packages must have been fetched. */
export async function buildPlatform(
  { target, locked }: { readonly target: RecipeTarget; readonly locked: LockedPlatform },
  environment: { readonly context: Context; readonly tools: AssemblyTools },
): Promise<BuiltPlatform> {
  const { architecture } = parsePlatform(locked.platform)
  const { context, tools } = environment
  const { distro } = tools
  const files = [...target.files, ...(await stepFiles(target, locked, environment))]
  const request = { recipe: target.recipe, files, architecture, locked }
  const [packages, { checkPlan, composeImage, planPlatform }, { contentsOf }, { evidenceOf }, vex] =
    await Promise.all([
      gatherContents(locked.packages, target.recipe, environment),
      // They load while decoders and compressors work.
      import('../assemble/plan.ts'),
      import('./contents.ts'),
      import('./describe.ts'),
      import('../vex/evidence.ts'),
    ])
  const plan = planPlatform(packages, request, environment)
  const relaxations = checkPlan(plan, request, { context, distro })
  const image = await composeImage(plan, { ...request, relaxations }, environment)
  const release = describeRelease(target.recipe.distribution, context)
  const contents = await contentsOf(plan, image, { recipe: target.recipe, distro, release })
  return {
    image,
    evidence: evidenceOf(contents, image),
    vexEvidence: vex.vexEvidence(plan, contents, {
      ...{ recipe: target.recipe, image, locked, release },
      loader: distro.loader[architecture],
    }),
    result: describeResult(image, plan, { locked, relaxations }),
  }
}

/** What runs steps is only loaded for recipes that have some. */
async function stepFiles(
  target: RecipeTarget,
  locked: LockedPlatform,
  environment: { readonly context: Context; readonly tools: AssemblyTools },
): Promise<readonly RecipeFile[]> {
  if (target.recipe.steps === undefined) return []
  const { runLockedSteps } = await import('../steps/steps.ts')
  return await runLockedSteps(target, { platform: parsePlatform(locked.platform), locked }, environment)
}

function describeResult(
  image: Image,
  plan: ImagePlan,
  facts: { readonly locked: LockedPlatform; readonly relaxations: readonly Relaxation[] },
): PlatformResult {
  const nodes = [...plan.root.nodes()]
  const stripped: Record<string, number> = {}
  for (const { reason } of plan.stripped) stripped[reason] = (stripped[reason] ?? 0) + 1
  return {
    platform: formatPlatform(parsePlatform(facts.locked.platform)),
    digest: image.descriptor.digest,
    size: image.layers.reduce((sum, layer) => sum + layer.descriptor.size, 0),
    unpackedSize: nodes.reduce((sum, node) => sum + node.size, 0),
    layers: image.layers.length,
    packages: plan.packages.length,
    files: nodes.filter((node) => node.type !== 'directory').length,
    user: plan.user.user,
    pruned: facts.locked.pruned,
    stripped,
    unmodelledEffects: plan.effects.unmodelled,
    relaxations: facts.relaxations,
  }
}
