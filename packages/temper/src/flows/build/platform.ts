import type { ImageEvidence } from '../../advisory/vex/author/evidence.ts'
import type { StoredLayer } from '../../assemble/layers/stored.ts'
import type { ImagePlan } from '../../assemble/plan.ts'
import { describeRelease } from '../../distro/open.ts'
import type { Image } from '../../model/image.ts'
import type { LockedPlatform } from '../../model/lock.ts'
import { formatPlatform, parsePlatform } from '../../model/platform.ts'
import type { Relaxation } from '../../model/recipe.ts'
import type { RecipeFile } from '../../model/recipe-parts/file-request.ts'
import type { Artifact } from '../../oci/image/artifact.ts'
import { gatherContents } from '../assemble/gather.ts'
import type { CheckEnvironment, PlatformSubject } from '../assemble/plan.ts'
import type { AssemblyTools } from '../assemble/tools.ts'
import type { OpenBase } from '../base/open-base.ts'
import { basePackages } from '../base/packages.ts'
import type { Context } from '../context.ts'
import type { RecipeTarget } from '../lock/recipe-target.ts'
import type { PlatformResult } from './result.ts'

export interface BuiltPlatform {
  readonly image: Image
  /** The segments that make up the bytes of its layers, in their order. */
  readonly stored: readonly StoredLayer[]
  /** The documents to attach to it. */
  readonly evidence: readonly Artifact[]
  /** The inputs for statements about its vulnerabilities. */
  readonly vexEvidence: ImageEvidence
  readonly result: PlatformResult
}

interface PlatformTarget {
  readonly target: RecipeTarget
  readonly locked: LockedPlatform
  /** The base that the image begins with; the target's recipe is completed with its settings. Absent: none. */
  readonly base?: OpenBase
}

interface Environment {
  readonly context: Context
  readonly tools: AssemblyTools
}

/** Plans, proves and composes the image of one platform; its packages must have been fetched. */
export async function buildPlatform(
  { target: asked, locked }: PlatformTarget,
  environment: Environment,
): Promise<BuiltPlatform> {
  const base = await baseOf(asked, locked, environment)
  const target = base === undefined ? asked : { ...asked, recipe: base.recipe }
  const subject = { target, locked, ...(base === undefined ? {} : { base }) }
  const files = [...target.files, ...(await madeFiles(subject, environment))]
  const [packages, { planPlatform }] = await Promise.all([
    gatherContents(locked.packages, subjectOf(subject), environment),
    // They load while decoders and compressors work.
    import('../assemble/plan.ts'),
    import('./contents.ts'),
    import('./describe.ts'),
    import('../vex/evidence.ts'),
  ])
  const plan = await planPlatform(packages, { ...subjectOf(subject), files }, environment)
  return await finishPlatform(plan, subject, environment)
}

/** Proves and composes the image of a plan. */
export async function finishPlatform(
  plan: ImagePlan,
  { target, locked, base }: PlatformTarget,
  environment: Environment,
): Promise<BuiltPlatform> {
  const { context, tools } = environment
  const { distro } = tools
  const [{ checkPlan, composeImage }, { contentsOf }, { evidenceOf }, vex] = await Promise.all([
    import('../assemble/plan.ts'),
    import('./contents.ts'),
    import('./describe.ts'),
    import('../vex/evidence.ts'),
  ])
  const request = subjectOf({ target, locked, ...(base === undefined ? {} : { base }) })
  const owners: CheckEnvironment['owners'] = async (files, architecture) => {
    const { openSource } = await import('../lock/package-source.ts')
    const source = await openSource(target, { context, distro })
    return (await source.owners?.(files, architecture)) ?? new Map()
  }
  const relaxations = await checkPlan(plan, request, { context, distro, owners })
  const { image, stored } = await composeImage(plan, { ...request, relaxations }, environment)
  const release = describeRelease(target.recipe.distribution, context)
  const about = { recipe: target.recipe, distro, release }
  const contents =
    base === undefined
      ? await contentsOf(plan, image, about)
      : await (await import('../base/contents.ts')).contentsOver(plan, image, { ...about, context })
  return {
    image,
    stored,
    evidence: evidenceOf(contents, image),
    vexEvidence: vex.vexEvidence(plan, contents, {
      recipe: target.recipe,
      image,
      locked,
      release,
      below: basePackages(base),
      loader: distro.loader[request.architecture],
    }),
    result: describeResult(image, plan, { locked, relaxations, below: basePackages(base).length }),
  }
}

function subjectOf({ target, locked, base }: PlatformTarget): PlatformSubject {
  return {
    recipe: target.recipe,
    architecture: parsePlatform(locked.platform).architecture,
    locked,
    ...(base === undefined ? {} : { base }),
  }
}

/** What reads a base is only loaded for recipes that name one. */
async function baseOf(
  target: RecipeTarget,
  locked: LockedPlatform,
  { context }: Environment,
): Promise<OpenBase | undefined> {
  if (target.recipe.base === undefined) return undefined
  const { openBase } = await import('../base/open-base.ts')
  return await openBase(target, { platform: parsePlatform(locked.platform), locked }, context)
}

/** Of steps and dependencies. What knows them is only loaded for recipes that have some. */
async function madeFiles(
  { target, locked, base }: PlatformTarget,
  environment: Environment,
): Promise<readonly RecipeFile[]> {
  const platform = parsePlatform(locked.platform)
  let files: readonly RecipeFile[] = []
  if (target.recipe.dependencies !== undefined) {
    const { dependencyFiles } = await import('../dependencies/install.ts')
    const host = { platform, packages: [...basePackages(base), ...locked.packages] }
    const chosen = { locked: locked.dependencies ?? [], host }
    files = await dependencyFiles(target, chosen, environment.context)
  }
  const own = files.filter(({ forSteps }) => forSteps !== true)
  if (target.recipe.steps === undefined) return own
  const { runLockedSteps } = await import('../steps/steps.ts')
  return [...own, ...(await runLockedSteps(target, { platform, locked, dependencies: files }, environment))]
}

function describeResult(
  image: Image,
  plan: ImagePlan,
  facts: {
    readonly locked: LockedPlatform
    readonly relaxations: readonly Relaxation[]
    /** Packages of the base. */
    readonly below: number
  },
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
    packages: facts.below + plan.packages.length,
    files: nodes.filter((node) => node.type !== 'directory').length,
    user: plan.user.user,
    pruned: facts.locked.pruned,
    stripped,
    unmodelledEffects: plan.effects.unmodelled,
    relaxations: facts.relaxations,
  }
}
