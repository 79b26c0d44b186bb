import { idleExclusions } from '../../assemble/solve/requests.ts'
import { withWarnings } from '../../base/progress.ts'
import { temperVersion } from '../../base/version.ts'
import { openDistro } from '../../distro/open.ts'
import { defaultCompressor } from '../../formats/compress/compress.ts'
import type { Lock, LockedPlatform } from '../../model/lock.ts'
import type { PackageSource } from '../../model/package/package-source.ts'
import { type Architecture, formatPlatform } from '../../model/platform.ts'
import { revisions } from '../../model/revision.ts'
import { needsArchive, noSource } from '../base/packages.ts'
import type { Context } from '../context.ts'
import { KnownChoices } from './known-choices.ts'
import { openSource } from './package-source.ts'
import type { PlannedPlatform, PlatformSearch } from './platform.ts'
import type { RecipeTarget } from './recipe-target.ts'

export interface ResolveOptions {
  /** Called with the plan of each platform, in order, so that a build from the lock need not make it again. */
  readonly onPlan?: (planned: PlannedPlatform) => void
  /** Versions from an earlier lock, by architecture and name, that stay while they still fit. */
  readonly keep?: ReadonlyMap<Architecture, ReadonlyMap<string, string>>
  /**
   * Whether an earlier choice from the same inputs may be used; then packages need not be fetched, and there are no
   * plans.
   */
  readonly remembered?: boolean
}

/**
 * The only step that chooses: which packages, from which suites, and which of them are left out. The packages are
 * fetched and read, because the lock also records what was done instead of their scripts.
 */
export async function resolve(
  target: RecipeTarget,
  context: Context,
  options: ResolveOptions = {},
): Promise<Lock> {
  const { recipe } = target
  const { compression, level } = recipe.output
  const compressor = { ...defaultCompressor(compression), ...(level === undefined ? {} : { level }) }
  const distro = await openDistro(recipe.distribution, context)
  const source = needsArchive(recipe, distro) ? await openSource(target, { context, distro }) : noSource
  await tellIdleExclusions(target, source, context)
  const choices = new KnownChoices(context)
  const choose = async ({ suites: from, ...search }: PlatformSearch & Pick<Lock, 'suites'>) => {
    // What chooses is only loaded when there is something to choose.
    const { resolvePlatform } = await import('./platform.ts')
    const warnings: string[] = []
    const progress = withWarnings(context.progress, (text) => {
      warnings.push(text)
      context.progress.warn(text)
    })
    const result = await resolvePlatform(target, source, { ...search, context: { ...context, progress } })
    options.onPlan?.(result.planned)
    await choices.put(target, { ...search, suites: from }, { locked: result.locked, warnings })
    return result.locked
  }
  const platforms: LockedPlatform[] = []
  let suites: Lock['suites'] = []
  for (const platform of target.platforms) {
    const { architecture } = platform
    const keep = options.keep?.get(architecture)
    await source.index(architecture)
    suites = source.suites()
    const inputs = { architecture, suites, keep, compressor }
    const known = options.remembered === true ? await choices.get(target, inputs) : undefined
    for (const warning of known?.warnings ?? []) context.progress.warn(warning)
    // What the base's tag named for the first platform it names for all, should it move meanwhile.
    const baseIndex = platforms[0]?.base?.index
    const begins = baseIndex === undefined ? {} : { baseIndex }
    const locked = known?.locked ?? (await choose({ context, distro, ...inputs, ...begins }))
    platforms.push({ platform: formatPlatform(platform), ...locked })
  }
  return {
    formatVersion: 1,
    maker: { version: temperVersion(), revision: revisions.current },
    recipe: { name: recipe.name, checksum: target.checksum, files: target.lockedFiles },
    distribution: recipe.distribution,
    compressor,
    suites,
    platforms,
  }
}

/** Names that no platform has: told, because one may be misspelt. */
async function tellIdleExclusions(
  { recipe, platforms }: RecipeTarget,
  source: PackageSource,
  { progress }: Pick<Context, 'progress'>,
): Promise<void> {
  const without = recipe.contents.without ?? []
  const requests = [...recipe.contents.packages, ...without.map((name) => ({ name, excluded: true }))]
  const idle: (readonly string[])[] = []
  for (const { architecture } of platforms)
    idle.push(idleExclusions(requests, await source.index(architecture)))
  for (const name of idle[0] ?? [])
    if (idle.every((names) => names.includes(name)))
      progress.warn(
        `contents.${without.includes(name) ? `without: "${name}"` : `packages: "!${name}"`} excludes nothing, because no repository has ${name}`,
      )
}
