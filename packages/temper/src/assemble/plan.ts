import type { SegmentEntry } from '../model/assembly.ts'
import type { Distro, EffectOutcome } from '../model/distro.ts'
import { declaredPaths, isBelow } from '../model/hardening/declared-paths.ts'
import type { Hardening } from '../model/hardening/hardening.ts'
import { type Architecture, formatPlatform } from '../model/platform.ts'
import type { Recipe } from '../model/recipe.ts'
import type { RecipeFile } from '../model/recipe-parts/file-request.ts'
import type { RootNode } from '../model/root.ts'
import type { Rootfs } from '../model/tree/rootfs.ts'
import { databaseRecord } from './packages/database.ts'
import { type RuntimeUser, runtimeUser } from './root/accounts.ts'
import { latestTime, type PlacementOptions, segmentEntry } from './root/decide.ts'
import { checkRecipeLinks, settlePackageLinks } from './root/hard-links.ts'
import { type EffectSubject, effectsOn, type KnownEffects } from './root/known-effects.ts'
import { addOsRelease } from './root/os-release.ts'
import { type BaseState, baseState, changedBase, changesOver, saysRelease } from './root/over-base.ts'
import { type BaseTree, type KeptPackage, populate, type StrippedEntry } from './root/populate.ts'
import { addRecipeFiles, applyRecipePaths } from './root/recipe-paths.ts'
import { removeEmptied, settle } from './root/settle.ts'
import { addFolder, addSkeleton } from './root/skeleton.ts'

export interface PlanInput {
  readonly recipe: Recipe
  readonly architecture: Architecture
  /** Kept packages, sorted by name. */
  readonly packages: readonly KeptPackage[]
  readonly files: readonly RecipeFile[]
  readonly distro: Distro
  readonly hardening: Hardening
  /** The base that the image begins with. Absent: none. */
  readonly base?: BaseTree
  /** Whether the packages of an application get layers of their own. Default false. */
  readonly dependencyLayers?: boolean
  /** Seconds since 1970; nothing in the image is younger. */
  readonly sourceDateEpoch?: number
  /** What effects did the last time, to avoid doing it again; a wrong guess costs time, never correctness. */
  readonly known?: KnownEffects
  /** Files that nothing in the settled tree can load, and the library that each lacks. */
  readonly unloadable?: (root: Rootfs) => readonly { readonly path: string; readonly library: string }[]
}

/** What a package contributes: the entries of its segment in archive order, and its database record. */
export interface PackagePlan extends KeptPackage {
  readonly entries: readonly SegmentEntry[]
}

/** The finished tree and where each part of it comes from. Pure: equal input gives an equal plan. */
export interface ImagePlan {
  readonly root: Rootfs
  readonly packages: readonly PackagePlan[]
  /** What effects and the recipe put into the image, including folders. */
  readonly own: readonly RootNode[]
  /** Paths of the base that the image does not have. Absent: there are none. */
  readonly hidden?: readonly string[]
  readonly user: RuntimeUser
  /** Seconds since 1970: the newest thing in the image, or what SOURCE_DATE_EPOCH says. */
  readonly created: number
  readonly stripped: readonly StrippedEntry[]
  readonly effects: EffectOutcome
  /** What effects did, to be passed in next time. */
  readonly known: KnownEffects
}

/**
 * 1980, where the times of zip archives begin, in seconds since 1970: a fixed time, so that the packages of an
 * application change only when they themselves do, and one that tools can put into archives.
 */
export const archiveTime = 315_532_800

export function planImage(input: PlanInput): ImagePlan {
  const { recipe, packages, distro } = input
  const created = creationTime(input)
  const options = decideOptions(input)
  const { root, stripped } = populate(packages, {
    ...options,
    distro,
    ...(input.base === undefined ? {} : { base: input.base }),
  })
  const before = input.base === undefined ? undefined : baseState(root, input.base)
  const platform = formatPlatform({ os: 'linux', architecture: input.architecture })
  const dependencyTime = input.dependencyLayers === true ? Math.min(created, archiveTime) : created
  const brought = { files: input.files, mtime: created, dependencyTime, platform }
  addRecipeFiles(root, recipe, brought)
  const known = effectsOn({ ...effectPackages(input, before), root }, distro, input.known)
  const effects = known.outcome
  const latest = input.sourceDateEpoch
  for (const change of before === undefined ? effects.changes : changesOver(root, effects.changes)) {
    const timed = change.kind === 'put' ? { ...change, entry: { ...change.entry, mtime: created } } : change
    root.apply(timed, { kind: 'effect', effect: 'distribution' })
  }
  hardenAttributes(root, input)
  addSkeleton(root, created)
  if (saysRelease(root, recipe))
    addOsRelease(root, recipe, { distribution: distro.release.osRelease, mtime: created })
  applyRecipePaths(root, recipe, brought)
  const user = runtimeUser(root, recipe.accounts.runAs)
  const owner = { uid: user.uid, gid: user.gid, mode: 0o755, mtime: created }
  for (const volume of recipe.volumes) addFolder(root, volume, owner)
  addFolder(root, recipe.workDir, { ...owner, uid: 0, gid: 0 })
  let emptied: number
  do {
    for (const one of settleTree(root, input, options)) stripped.push(one)
    emptied = removeEmptied(root, stripped)
    // A package's own folder of the skeleton may have been emptied and removed: /sbin leads to it.
    addSkeleton(root, created)
    // What led to a folder that has gone leads nowhere now.
  } while (emptied > 0)
  checkRecipeLinks(root)
  const plans = packagePlans(root, packages)
  for (const plan of plans) {
    const origin = { kind: 'database', package: plan.package.name } as const
    for (const { entry, content } of databaseRecord(plan.content, plan.entries, { distro, latest })) {
      root.put({ ...entry, content, origin })
    }
  }
  addImageDatabase(root, plans, { distro, mtime: created })
  const over = before === undefined ? { own: [], hidden: [] } : changedBase(root, before)
  const own = [...root.nodes()].filter(({ origin }) => origin.kind === 'effect' || origin.kind === 'recipe')
  return {
    root,
    packages: plans,
    own: [...own, ...over.own],
    user,
    created,
    stripped,
    effects,
    known,
    ...(over.hidden.length === 0 ? {} : { hidden: over.hidden }),
  }
}

/** What effects are applied to, but for the tree. */
function effectPackages(
  { packages, recipe, architecture, distro }: PlanInput,
  before: BaseState | undefined,
): Omit<EffectSubject, 'root'> {
  const kept = packages.map(({ package: locked, content }) => ({ package: locked, content, kept: true }))
  return {
    packages: distro.configurationOrder(kept),
    options: {
      accounts: recipe.accounts,
      architecture,
      release: distro.release,
      ...(recipe.locales === undefined ? {} : { locales: recipe.locales }),
      ...(recipe.fips === undefined ? {} : { fips: recipe.fips }),
      ...(before === undefined ? {} : { system: before.system }),
    },
  }
}

/** The files by which scanners recognise all packages together, where the distribution has such. */
function addImageDatabase(
  root: Rootfs,
  plans: readonly PackagePlan[],
  { distro, mtime }: { readonly distro: Distro; readonly mtime: number },
): void {
  const packages = plans.map(({ package: locked, content, entries }) => {
    return { package: locked, content, keptPaths: new Set(entries.map(({ archivePath }) => archivePath)) }
  })
  const origin = { kind: 'effect', effect: 'package-database' } as const
  if (packages.length === 0) return
  for (const { path, content } of distro.imageDatabase?.(packages, root) ?? []) {
    const attributes = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: content.length, mtime } as const
    root.put({ ...attributes, path, content, origin })
  }
}

/** What is removed may have been what a hard link shares, and a link that takes its place may have to go too. */
function settleTree(
  root: Rootfs,
  { packages, recipe, hardening, unloadable }: PlanInput,
  options: PlacementOptions,
): StrippedEntry[] {
  const stripped: StrippedEntry[] = []
  for (;;) {
    settlePackageLinks(root, packages, options)
    const gone = settle(root, { programs: programsOf(recipe), hardening })
    const left = gone.length > 0 ? gone : leaveUnloadable(root, unloadable)
    if (left.length === 0) return stripped
    for (const one of left) stripped.push(one)
  }
}

/** Asked for once everything else is settled: what is missing may be missing because other things left. */
function leaveUnloadable(root: Rootfs, unloadable: PlanInput['unloadable']): StrippedEntry[] {
  return (unloadable?.(root) ?? []).map(({ path, library }) => {
    const origin = root.get(path)?.origin
    root.remove(path)
    const owner = origin?.kind === 'package' ? origin.package : ''
    return {
      package: owner,
      path,
      reason: 'library missing',
      rule: 'missing-library',
      relaxable: false,
      library,
    }
  })
}

/** Effects give permissions and owners as maintainer scripts do (/var/mail is setgid): hardened like those in packages. */
function hardenAttributes(root: Rootfs, { hardening, recipe }: PlanInput): void {
  const user = runtimeUser(root, recipe.accounts.runAs)
  const isDeclared = isBelow(declaredPaths(recipe, user))
  for (const node of root.nodes()) {
    if (node.origin.kind === 'base') continue
    const mode = hardening.hardenedMode(node)
    const mayKeep = node.origin.kind === 'recipe' || isDeclared(node.path)
    const uid = mayKeep ? node.uid : hardening.hardenedOwner(node, user)
    if (mode !== node.mode || uid !== node.uid)
      root.apply({ kind: 'attributes', path: node.path, mode, uid }, node.origin)
  }
}

function decideOptions({ distro, hardening, sourceDateEpoch }: PlanInput): PlacementOptions {
  return {
    mergedPath: distro.mergedPath,
    hardening,
    // Settled later, over the whole tree.
    hasInterpreter: () => true,
    ...(sourceDateEpoch === undefined ? {} : { latest: sourceDateEpoch }),
  }
}

/** Programs that the recipe runs, as absolute paths. */
function programsOf(recipe: Recipe): Set<string> {
  const commands = [recipe.entrypoint, recipe.cmd, ...recipe.tests.map((test) => test.command ?? [])]
  return new Set(commands.flatMap(([program]) => (program?.startsWith('/') ? [program] : [])))
}

function creationTime({ packages, base, sourceDateEpoch }: PlanInput): number {
  if (sourceDateEpoch !== undefined) return sourceDateEpoch
  let newest = base?.created ?? 0
  for (const { content } of packages)
    for (const { mtime } of content.entries) newest = Math.max(newest, mtime)
  return Math.min(newest, latestTime)
}

function packagePlans(root: Rootfs, packages: readonly KeptPackage[]): PackagePlan[] {
  const byPackage = new Map<string, Map<string, SegmentEntry>>()
  for (const node of root.nodes()) {
    if (node.origin.kind !== 'package' || node.type === 'directory') continue
    const entries = byPackage.get(node.origin.package) ?? new Map<string, SegmentEntry>()
    entries.set(node.origin.path, segmentEntry(node, node.origin.path))
    byPackage.set(node.origin.package, entries)
  }
  return packages.map((plan) => {
    const entries = byPackage.get(plan.package.name)
    const ordered = plan.content.entries.flatMap((entry) => entries?.get(entry.path) ?? [])
    return { ...plan, entries: ordered }
  })
}
