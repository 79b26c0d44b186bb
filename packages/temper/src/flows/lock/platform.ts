import type { ImagePlan } from '../../assemble/plan.ts'
import { prunePackages } from '../../assemble/solve/prune.ts'
import type { ChosenPackage } from '../../assemble/solve/solution.ts'
import { solve } from '../../assemble/solve/solve.ts'
import { droppedDependencies, indexWithout } from '../../assemble/solve/without.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import type { Distro, EffectOutcome } from '../../model/distro.ts'
import type { Lock, LockedPackage, LockedPlatform, PrunedPackage } from '../../model/lock.ts'
import type { PackageIndex } from '../../model/package/package.ts'
import type { PackageSource } from '../../model/package/package-source.ts'
import { type Architecture, parsePlatform } from '../../model/platform.ts'
import type { RecipeFile } from '../../model/recipe-parts/file-request.ts'
import type { UnmetNeed } from '../../tree/proof/need.ts'
import { archiveFetcher } from '../assemble/archives.ts'
import { beginFetching } from '../assemble/arriving.ts'
import { gatherContents } from '../assemble/gather.ts'
import { planPlatform, prove } from '../assemble/plan.ts'
import { type AssemblyTools, createTools } from '../assemble/tools.ts'
import type { OpenBase } from '../base/open-base.ts'
import { basePackages, choiceOver, newPackages } from '../base/packages.ts'
import type { Context } from '../context.ts'
import { lockedPackage } from './locked-package.ts'
import type { RecipeTarget } from './recipe-target.ts'
import { requestsOf } from './requests.ts'
import { silentlyMissing } from './silent-needs.ts'

/** What a lock says about a platform, except its name. */
export type ChosenPlatform = Omit<LockedPlatform, 'platform'>

/** A platform that was planned in order to see what its scripts would do. */
export interface PlannedPlatform {
  readonly plan: ImagePlan
  readonly tools: AssemblyTools
}

export interface PlatformSearch {
  readonly context: Context
  readonly distro: Distro
  readonly architecture: Architecture
  readonly keep: ReadonlyMap<string, string> | undefined
  readonly compressor: Lock['compressor']
  /** The index that the base of an earlier platform was chosen from. */
  readonly baseIndex?: Digest
}

/** Most times that packages which were left out come back: each may need further ones. */
const mostReturns = 4

/** Chooses packages and reads them. Left-out packages that have a file which the others need are added back. */
export async function resolvePlatform(
  target: RecipeTarget,
  source: PackageSource,
  search: PlatformSearch,
): Promise<{ readonly locked: ChosenPlatform; readonly planned: PlannedPlatform }> {
  const { context, distro, architecture } = search
  const base = await baseOf(target, search)
  const recipe = base?.recipe ?? target.recipe
  // What is installed may depend on the packages that are chosen; most steps take nothing of it.
  const needsInstalled = (target.recipe.steps ?? []).some((step) => step.dependencies !== undefined)
  const first = needsInstalled ? undefined : await lockSteps(target, source, { ...search, installed: [] })
  const needed = new Map<string, string>()
  for (let round = 0; ; round++) {
    const { kept, pruned } = await choose({ ...target, recipe }, source, { ...search, needed, base })
    const fetchArchives = archiveFetcher(source.suites(), {
      recipe,
      folders: target.folders,
      distro,
      context,
    })
    const { dependencies, files: own } = await lockDependencies(
      target,
      { packages: [...basePackages(base), ...kept], source },
      search,
    )
    const { steps, files: made } = first ?? (await lockSteps(target, source, { ...search, installed: own }))
    const files = [...target.files, ...own.filter(({ forSteps }) => forSteps !== true), ...made]
    const arriving = beginFetching(kept, fetchArchives)
    const tools = await createTools(search.compressor, fetchArchives, { distro, context, arriving })
    const request = {
      recipe,
      architecture,
      files,
      locked: { packages: kept, pruned, ...dependencies },
      ...(base === undefined ? {} : { base }),
    }
    const packages = await arriving.during(() => gatherContents(kept, request, { context, tools }))
    const plan = await planPlatform(packages, request, { context, tools })
    const missed =
      round < mostReturns ? missedPackages(prove(plan, request, { distro }).violations, distro, recipe) : []
    const more = missed.filter(([name]) => !needed.has(name))
    if (more.length === 0) {
      const index = await source.index(architecture)
      const hasPackage = (name: string) => index.versions(name).length > 0
      for (const text of silentlyMissing(plan.root, recipe, hasPackage)) context.progress.warn(text)
      const begins = base === undefined ? {} : { base: base.locked }
      const locked = {
        packages: kept,
        pruned,
        ...effectsOf(plan.effects),
        ...begins,
        ...dependencies,
        ...steps,
      }
      return { locked, planned: { plan, tools } }
    }
    for (const [name, path] of more) {
      const origin = path === undefined ? undefined : plan.root.resolve(path)?.origin
      if (!needed.has(name)) needed.set(name, origin?.kind === 'package' ? origin.package : 'recipe')
    }
  }
}

/** What the image begins with. What reads it is only loaded for recipes that name one. */
async function baseOf(
  target: RecipeTarget,
  { architecture, baseIndex, context }: PlatformSearch,
): Promise<OpenBase | undefined> {
  if (target.recipe.base === undefined) return undefined
  const { openBase } = await import('../base/open-base.ts')
  const index = baseIndex === undefined ? {} : { index: baseIndex }
  return await openBase(target, { platform: parsePlatform(architecture), ...index }, context)
}

/** The application's own packages, for what runs them in the image. */
async function lockDependencies(
  target: RecipeTarget,
  { packages, source }: { readonly packages: readonly LockedPackage[]; readonly source: PackageSource },
  search: PlatformSearch,
): Promise<{
  readonly dependencies: Pick<LockedPlatform, 'dependencies' | 'dependencyLayers'>
  readonly files: readonly RecipeFile[]
}> {
  if (target.recipe.dependencies === undefined) return { dependencies: {}, files: [] }
  const [{ chooseDependencies }, { dependencyFiles }] = await Promise.all([
    import('../dependencies/choose.ts'),
    import('../dependencies/install.ts'),
  ])
  const { context, architecture } = search
  const isForSteps = target.recipe.dependencies.some(({ dev, kind }) => dev === true && kind === 'python')
  const host = {
    platform: parsePlatform(architecture),
    packages,
    ...(isForSteps ? { stepPackages: await packagesOfSteps(target, source, search) } : {}),
  }
  const locked = await chooseDependencies(target, host, context)
  const files = await dependencyFiles(target, { locked, host }, context)
  return { dependencies: { dependencies: locked, dependencyLayers: true }, files }
}

/** What all of its steps together run over. */
async function packagesOfSteps(
  { recipe }: RecipeTarget,
  source: PackageSource,
  search: PlatformSearch,
): Promise<readonly LockedPackage[]> {
  const { stepPackages } = await import('../steps/packages.ts')
  const all: LockedPackage[] = []
  for (const step of recipe.steps ?? []) all.push(...(await stepPackages(step, source, search)))
  return all
}

/** Chooses what steps run over, and runs them: what they make is part of what is proved. */
async function lockSteps(
  target: RecipeTarget,
  source: PackageSource,
  search: PlatformSearch & { readonly installed: readonly RecipeFile[] },
): Promise<{ readonly steps: Pick<LockedPlatform, 'steps'>; readonly files: readonly RecipeFile[] }> {
  const { recipe, folders } = target
  const { context, distro, architecture } = search
  if (recipe.steps === undefined) return { steps: {}, files: [] }
  const [{ stepPackages }, { runSteps }] = await Promise.all([
    import('../steps/packages.ts'),
    import('../steps/steps.ts'),
  ])
  const packages = new Map<string, readonly LockedPackage[]>()
  for (const step of recipe.steps) packages.set(step.name, await stepPackages(step, source, search))
  const fetchArchives = archiveFetcher(source.suites(), { recipe, folders, distro, context })
  await fetchArchives([...packages.values()].flat())
  const tools = await createTools(search.compressor, fetchArchives, { distro, context })
  const platform = parsePlatform(architecture)
  const work = { platform, packages, dependencies: search.installed }
  const { steps, files } = await runSteps(target, work, { context, tools })
  return { steps: { steps }, files }
}

/** Packages that were left out although something needs a file of theirs, each with the path that does, if one does. */
function missedPackages(
  needs: readonly UnmetNeed[],
  { rules }: Distro,
  { contents }: RecipeTarget['recipe'],
): readonly (readonly [name: string, path: string | undefined])[] {
  const named = contents.packages.filter((request) => request.excluded).map(({ name }) => name)
  const excluded = new Set([...named, ...(contents.without ?? [])])
  return needs.flatMap(({ kind, provider, place }) => {
    if (provider === undefined || excluded.has(provider)) return []
    if (kind !== 'library' && kind !== 'version' && kind !== 'plugin') return []
    // What a rule of hardening leaves out comes back when the recipe relaxes the rule.
    if (rules.installOnly(provider, '')?.relaxedBy !== undefined) return []
    return [[provider, place.kind === 'path' ? place.path : undefined]]
  })
}

function effectsOf(effects: EffectOutcome): Pick<LockedPlatform, 'effects' | 'unmodelledEffects'> {
  return {
    effects: effects.applied.map((effect) => ({ ...effect, detail: lockText(effect.detail) })),
    unmodelledEffects: effects.unmodelled.map((effect) => ({ ...effect, command: lockText(effect.command) })),
  }
}

async function choose(
  target: RecipeTarget,
  source: PackageSource,
  options: PlatformSearch & {
    readonly needed: ReadonlyMap<string, string>
    readonly base: OpenBase | undefined
  },
): Promise<{ kept: LockedPackage[]; pruned: readonly PrunedPackage[] }> {
  const { recipe } = target
  const { rules } = options.distro
  const index = await source.index(options.architecture)
  const without = new Set(recipe.contents.without ?? [])
  const requests = requestsOf(recipe, options.distro)
  const allow = recipe.hardening.allow.filter(({ implied }) => !implied)
  const search = {
    architecture: options.architecture,
    rules,
    ...(options.keep === undefined ? {} : { keepVersions: options.keep }),
  }
  const { base } = options
  const over = base && choiceOver(base, index, { ...options, recipe })
  const usable = indexWithout(over?.index ?? index, without)
  const all = [...requests, ...(over?.present ?? [])]
  let solution = solve(all, usable, search)
  // What files need and nobody depends on, since every system of the distribution has it: asked for besides.
  const absent = [...options.needed.keys()].filter(
    (name) =>
      usable.versions(name).length > 0 &&
      !solution.packages.some(({ package: { name: chosen } }) => chosen === name),
  )
  if (absent.length > 0)
    solution = solve([...all, ...absent.map((name) => ({ name, excluded: false }))], usable, search)
  const { kept, pruned } = prunePackages(base === undefined ? solution : newPackages(solution), {
    installOnly: rules.installOnly,
    requested: requests,
    allow,
    needed: options.needed,
  })
  tellRelaxed(kept, { index, without, context: options.context })
  if (kept.length === 0 && base === undefined) {
    throw new TemperError('bad-recipe', 'No package is left after pruning: the image would be empty', {
      hint: 'Ask for at least one package under contents.packages.',
    })
  }
  const pinned = (await source.pin?.(kept.map(({ package: indexed }) => indexed))) ?? []
  return { kept: kept.map((each, at) => lockedPackage(each, pinned[at] ?? each.package)), pruned }
}

/** Which packages lack what they depend on, because the recipe says so. */
function tellRelaxed(
  kept: readonly ChosenPackage[],
  about: {
    readonly index: PackageIndex
    readonly without: ReadonlySet<string>
    readonly context: Pick<Context, 'progress'>
  },
): void {
  const { index, without, context } = about
  for (const { package: indexed } of kept) {
    const whole = index.versions(indexed.name).find(({ digest }) => digest === indexed.digest)
    const dropped = droppedDependencies(whole ?? indexed, without)
    if (dropped.length > 0)
      context.progress.warn(
        `${indexed.name} depends on ${dropped.join(', ')}, which contents.without leaves out`,
      )
  }
}

/** Words of a maintainer script, or that follow from them: foreign text, and a lock is read by people. */
function lockText(text: string): string {
  return printableLine(text, { most: 2000 })
}
