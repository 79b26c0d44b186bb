import { type Progress, withWarnings } from '../../base/progress.ts'
import { openDistro } from '../../distro/open.ts'
import type { LockedPackage, LockedPlatform } from '../../model/lock.ts'
import type { Context } from '../context.ts'
import type { BuiltPlatform } from './platform.ts'
import { type PreparedBuild, PreparedBuilds } from './prepared.ts'
import { type BuildChoice, keyOf } from './record.ts'

/** Builds one platform after the other: each keeps all processors busy, and memory stays what one needs. */
type BuildPlatforms = (context: Context) => Promise<readonly BuiltPlatform[]>

/**
 * Everything that a build writes: prepared in the cache, or made now and kept there. In both cases the warnings about
 * the image are reported.
 */
export async function preparedBuild(choice: BuildChoice, context: Context): Promise<PreparedBuild> {
  // The layers of a base are no parts of the cache that segments are in.
  if (choice.target.recipe.base !== undefined)
    return await makeBuild(choice, (each) => buildPlatforms(choice, each), context)
  const builds = new PreparedBuilds(context)
  const key = keyOf(choice, context)
  const make = (inContext: Context) => makeBuild(choice, (each) => buildPlatforms(choice, each), inContext)
  let again: Promise<PreparedBuild> | undefined
  const kept = await builds.get(key, async () => {
    again ??= make({ ...context, progress: withoutWarnings(context.progress) })
    return await again
  })
  if (kept !== undefined) {
    for (const warning of kept.warnings) context.progress.warn(warning)
    return kept
  }
  const made = await make(context)
  await builds.put(key, made)
  return made
}

/** Makes everything that a build writes from existing plans, and keeps it for that build. Reports nothing. */
export async function prepareBuild(
  choice: BuildChoice,
  finish: BuildPlatforms,
  context: Context,
): Promise<void> {
  if (choice.target.recipe.base !== undefined) return
  const builds = new PreparedBuilds(context)
  const key = keyOf(choice, context)
  if (await builds.has(key)) return
  const quiet = { ...context, progress: withoutWarnings(context.progress) }
  await builds.put(key, await makeBuild(choice, finish, quiet))
}

async function makeBuild(
  choice: BuildChoice,
  finish: BuildPlatforms,
  context: Context,
): Promise<PreparedBuild> {
  const { target, lock, statements, feeds } = choice
  const warnings: string[] = []
  const progress = withWarnings(context.progress, (text) => {
    warnings.push(text)
    context.progress.warn(text)
  })
  const [built, { describeIndex }, { provenanceOf }, { vexOf }] = await Promise.all([
    finish({ ...context, progress }),
    import('../../assemble/layers/image.ts'),
    import('./provenance.ts'),
    import('./vex.ts'),
  ])
  const images = built.map(({ image }) => image)
  const index = images.length > 1 ? describeIndex(images, target.recipe) : undefined
  const vex = await vexOf({
    built,
    index,
    authored: statements?.document,
    ...(feeds === undefined ? {} : { findings: feeds.findings, repairs: feeds.repairs }),
  })
  for (const { message } of vex.notes) progress.warn(message)
  const key = keyOf(choice, context)
  const evidence = [
    ...built.flatMap((platform) => platform.evidence),
    ...vex.artifacts,
    ...provenanceOf({ target, lock, built, index, key, statements: statements?.bytes }, context),
  ]
  return {
    images: built.map(({ image, stored }) => ({ image, stored })),
    index,
    evidence,
    platforms: built.map(({ result }) => result),
    warnings,
  }
}

async function buildPlatforms(
  { target, lock, platforms }: BuildChoice,
  context: Context,
): Promise<readonly BuiltPlatform[]> {
  const [distro, { createTools }, { archiveFetcher }, { beginFetching }, { buildPlatform }] =
    await Promise.all([
      openDistro(target.recipe.distribution, context),
      import('../assemble/tools.ts'),
      import('../assemble/archives.ts'),
      import('../assemble/arriving.ts'),
      import('./platform.ts'),
    ])
  const fetchArchives = archiveFetcher(lock.suites, {
    recipe: target.recipe,
    folders: target.folders,
    distro,
    context,
  })
  const arriving = beginFetching(platforms.flatMap(packagesOf), fetchArchives)
  return await arriving.during(async () => {
    const tools = await createTools(lock.compressor, fetchArchives, { distro, context, arriving })
    const built: BuiltPlatform[] = []
    for (const locked of platforms) built.push(await buildPlatform({ target, locked }, { context, tools }))
    return built
  })
}

/** Of the image and of the sandboxes of its steps, each once. */
function packagesOf({ packages, steps = [] }: LockedPlatform): readonly LockedPackage[] {
  const all = [...packages, ...steps.flatMap((step) => step.packages)]
  return [...new Map(all.map((locked) => [locked.digest, locked])).values()]
}

function withoutWarnings(progress: Progress): Progress {
  return withWarnings(progress, () => {})
}
