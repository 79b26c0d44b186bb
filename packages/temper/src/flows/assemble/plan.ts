import { composeLayers } from '../../assemble/layers/compose.ts'
import { describeImage } from '../../assemble/layers/image.ts'
import type { StoredLayer } from '../../assemble/layers/stored.ts'
import { type ImagePlan, planImage } from '../../assemble/plan.ts'
import type { KeptPackage } from '../../assemble/root/populate.ts'
import { TemperError } from '../../base/error.ts'
import { debugOfKey, expiresKey } from '../../model/assess/companion.ts'
import type { Distro } from '../../model/distro.ts'
import type { Hardening } from '../../model/hardening/hardening.ts'
import type { Image } from '../../model/image.ts'
import type { LockedPlatform } from '../../model/lock.ts'
import { capturedBytes } from '../../model/package/package-content.ts'
import type { PackageSource } from '../../model/package/package-source.ts'
import type { Architecture } from '../../model/platform.ts'
import type { Recipe, Relaxation } from '../../model/recipe.ts'
import type { RecipeFile } from '../../model/recipe-parts/file-request.ts'
import type { TreeNode } from '../../model/tree/file-tree.ts'
import { nameOf } from '../../model/tree/path.ts'
import { violationJson } from '../../report/json/violation.ts'
import { checkHardening, type HardeningViolation } from '../../rules/hardening/check.ts'
import { hardeningWith } from '../../rules/hardening/strip.ts'
import { fipsState } from '../../rules/image/crypto/fips-state.ts'
import type { UnmetNeed } from '../../tree/proof/need.ts'
import { type Proof, proveClosed } from '../../tree/proof/prove.ts'
import type { OpenBase } from '../base/open-base.ts'
import type { Context } from '../context.ts'
import { EffectMemory } from './effect-memory.ts'
import { refuseHollow } from './hollow.ts'
import { notClosed } from './not-closed.ts'
import type { AssemblyTools } from './tools.ts'
import { unloadablePlugins } from './unloadable.ts'
import { droppedRelaxations, scriptsLost } from './without.ts'

export interface PlatformSubject {
  readonly recipe: Recipe
  readonly architecture: Architecture
  readonly locked: Pick<LockedPlatform, 'packages' | 'pruned' | 'dependencyLayers'>
  /** The base that the image begins with; `recipe` is the recipe after its settings were merged. Absent: no base. */
  readonly base?: OpenBase
}

export interface PlatformRequest extends PlatformSubject {
  /** Files of the recipe and its steps. */
  readonly files: readonly RecipeFile[]
}

/** Plans the tree from the packages that were read. */
export async function planPlatform(
  packages: readonly KeptPackage[],
  request: PlatformRequest,
  environment: { readonly context: Context; readonly tools: AssemblyTools },
): Promise<ImagePlan> {
  const { context, tools } = environment
  const memory = new EffectMemory(request, { context, distro: tools.distro })
  const known = await memory.recall()
  const hardening = await hardeningOf(packages, request, environment)
  const plan = planImage({
    ...(known === undefined ? {} : { known }),
    recipe: request.recipe,
    architecture: request.architecture,
    packages,
    files: request.files,
    distro: tools.distro,
    hardening,
    dependencyLayers: request.locked.dependencyLayers === true,
    unloadable: (root) => {
      const { violations } = prove({ root, packages }, request, { distro: tools.distro })
      const loader = tools.distro.loader[request.architecture]
      return unloadablePlugins(root, {
        needs: violations,
        libraries: [...loader.defaultFolders, loader.libraries],
      })
    },
    ...(context.sourceDateEpoch === undefined ? {} : { sourceDateEpoch: context.sourceDateEpoch }),
    ...(request.base === undefined ? {} : { base: request.base }),
  })
  if (plan.known !== known) await memory.keep(plan.known)
  return plan
}

/** What minimises is only loaded for recipes that ask for it. */
async function hardeningOf(
  packages: readonly KeptPackage[],
  { recipe, architecture }: PlatformRequest,
  environment: { readonly context: Context; readonly tools: AssemblyTools },
): Promise<Hardening> {
  const hardening = hardeningWith(recipe.hardening.allow, recipe.locales)
  if (recipe.minimize === undefined) return hardening
  const { minimising } = await import('./minimise.ts')
  const loader = environment.tools.distro.loader[architecture]
  return await minimising(hardening, { recipe, packages, loader }, environment)
}

/** Finds what the tree lacks. `whoHas` is asked when none of the left-out packages provides it. */
export function prove(
  plan: Pick<ImagePlan, 'root'> & { readonly packages: readonly KeptPackage[] },
  { recipe, architecture, locked }: PlatformSubject,
  { distro, whoHas }: { readonly distro: Distro; readonly whoHas?: (file: string) => string | undefined },
): Proof {
  const leftOut = distro.fileProvider([
    ...(recipe.contents.without ?? []),
    ...locked.pruned.map(({ name }) => name),
  ])
  return proveClosed(plan.root, {
    recipe,
    loader: distro.loader[architecture],
    read: contentReader(plan.packages),
    whoHas: (file) => leftOut(nameOf(file)) ?? whoHas?.(file),
  })
}

/**
 * The needs of a tree that is not closed, with the packages that have what is missing, as far as the repositories can tell:
 * nothing that fails on the way hides what the image lacks.
 */
async function needsWithOwners(
  plan: ImagePlan,
  request: PlatformSubject,
  { distro, owners, context }: CheckEnvironment,
): Promise<readonly UnmetNeed[]> {
  const asked = new Set<string>()
  const proof = prove(plan, request, { distro, whoHas: (file) => void asked.add(file) })
  if (asked.size === 0 || owners === undefined) return proof.violations
  try {
    const byFile = await owners([...asked], request.architecture)
    const here = new Set(request.locked.packages.map(({ name }) => name))
    // What a package of the image has was taken away: to add it once more would not help.
    const whoHas = (file: string) => [byFile.get(file)].find((name) => name !== undefined && !here.has(name))
    return prove(plan, request, { distro, whoHas }).violations
  } catch (error) {
    if (!(error instanceof TemperError) || error.code === 'interrupted') throw error
    context.progress.note(`Cannot tell which packages provide what is missing: ${error.message}`)
    return proof.violations
  }
}

export interface CheckEnvironment {
  readonly context: Context
  readonly distro: Distro
  /**
   * Finds the packages that have certain files, when the tree is not closed. Absent: only what was left out is known.
   */
  readonly owners?: PackageSource['owners']
}

/** Proves the tree closed and hardened; returns the relaxations that were needed. */
export async function checkPlan(
  plan: ImagePlan,
  request: PlatformSubject,
  environment: CheckEnvironment,
): Promise<readonly Relaxation[]> {
  const { recipe } = request
  const { context, distro } = environment
  refuseHollow(plan)
  for (const { path, library } of plan.stripped)
    if (library !== undefined)
      context.progress.warn(`/${path} is left out: it needs ${library}, which no package of the image has`)
  const proof = prove(plan, request, { distro })
  if (proof.violations.length > 0) {
    const needs = await needsWithOwners(plan, request, environment)
    throw notClosed(needs, { stripped: plan.stripped, without: recipe.contents.without ?? [] })
  }
  const verdict = checkHardening(plan.root, { recipe, user: plan.user, used: proof.used })
  if (verdict.violations.length > 0) throw notHardened(verdict.violations, plan)
  refuseInactiveFips(plan, recipe)
  for (const { subject, found, remedy } of verdict.warnings)
    context.progress.warn(`${subject}: ${found}; ${remedy}`)
  for (const line of scriptsLost(plan, { recipe, distro })) context.progress.warn(line)
  return [...verdict.used, ...droppedRelaxations(plan, { recipe, distro })]
}

/** Contents that were kept while the packages were read. */
function contentReader(packages: readonly KeptPackage[]): (node: TreeNode) => Uint8Array | undefined {
  const contents = new Map(packages.map((kept) => [kept.package.name, kept.content]))
  return ({ origin, content: own }) => {
    if (origin?.kind === 'base') return own
    const content = origin?.kind === 'package' ? contents.get(origin.package) : undefined
    return content && origin?.kind === 'package' ? capturedBytes(content, origin.path) : undefined
  }
}

/** Most entries that a hint lists. */
const remediesTold = 5

function notHardened(
  violations: readonly HardeningViolation[],
  { root }: Pick<ImagePlan, 'root'>,
): TemperError {
  const isBelow = ({ subject }: HardeningViolation) =>
    root.get(subject.replace(/^\/+/, ''))?.origin.kind === 'base'
  const below = violations.filter(isBelow)
  const lines = [
    ...violations
      .filter((violation) => !isBelow(violation))
      .map(({ subject, found, rule }) => `  ${subject}: ${found} (${rule})`),
    ...ofBase(below),
  ]
  // The very entry of the recipe, where there is one that helps.
  const remedies = violations.flatMap(({ rule, remedy }) => (rule === 'ownership' ? [remedy] : []))
  const entries = [...new Set(remedies)].slice(0, remediesTold).map((remedy) => `; ${remedy}`)
  return new TemperError('not-hardened', `The image breaks hardening rules:\n${lines.join('\n')}`, {
    hint: `${below.length > 0 ? 'Harden the base first. ' : ''}Remove what breaks the rule, or relax it under hardening.allow and give the reason${entries.join('')}.`,
    details: { violations: violations.map(violationJson) },
  })
}

/** The layers of a base stay as they are, so there may be thousands: a line for each rule. */
function ofBase(violations: readonly HardeningViolation[]): readonly string[] {
  const byRule = Map.groupBy(violations, ({ rule }) => rule)
  return [...byRule].map(([rule, group]) => {
    const [first] = group
    const more = group.length > 1 ? ` and ${group.length - 1} more` : ''
    return `  of the base: ${first?.subject}: ${first?.found}${more} (${rule})`
  })
}

/** What the recipe asks for is proved, also where its own files replace what was configured. */
function refuseInactiveFips({ root }: ImagePlan, { fips, environment }: Recipe): void {
  if (fips !== true) return
  const configuration = environment['OPENSSL_CONF']
  const { missing } = fipsState(root, configuration === undefined ? {} : { configuration })
  if (missing.length === 0) return
  throw new TemperError('not-hardened', `The recipe asks for FIPS, but ${missing.join(', and ')}`, {
    hint: 'Leave /etc/ssl/openssl.cnf and OPENSSL_CONF alone, or activate the providers fips and base there.',
    details: { missing },
  })
}

/** An image, and the segments that make up the bytes of its layers, in the same order. */
export interface ComposedImage {
  readonly image: Image
  readonly stored: readonly StoredLayer[]
}

/** Turns a checked plan into an image whose layers are in the cache. */
export async function composeImage(
  plan: ImagePlan,
  request: PlatformSubject & { readonly relaxations: readonly Relaxation[] },
  environment: { readonly context: Context; readonly tools: AssemblyTools },
): Promise<ComposedImage> {
  const { context, tools } = environment
  const progress = context.progress.start('Composing layers')
  try {
    const { base } = request
    const contents = base && (await changedContents(plan, base, context))
    const layers = await composeLayers(plan, {
      ...tools,
      measure: (layer) => tools.readers.measure(layer),
      recipe: request.recipe,
      sourceDateEpoch: context.sourceDateEpoch,
      dependencyLayers: request.locked.dependencyLayers === true,
      ...(contents === undefined ? {} : { contents }),
    })
    const image = describeImage(plan, layers, {
      recipe: request.recipe,
      architecture: request.architecture,
      annotations: {
        ...hardeningFacts(plan, { ...request.recipe, relaxations: request.relaxations }),
        ...companionFacts(request),
      },
      ...(base === undefined ? {} : { base }),
    })
    return { image, stored: layers.map(({ layer }) => layer.stored) }
  } finally {
    progress.done()
  }
}

/** Bytes of files of the base of which the recipe changes owner or permissions: a layer holds files whole. */
async function changedContents(
  { own }: ImagePlan,
  { image }: OpenBase,
  context: Context,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { readContents } = await import('../harden/file-contents.ts')
  const changed = own.filter(({ origin, type }) => origin.kind === 'base' && type === 'file')
  return await readContents(image, changed, context)
}

/** Of which image it is the companion, and until when. */
function companionFacts({ recipe, base }: PlatformSubject): Record<string, string> {
  if (recipe.debug === undefined || base === undefined) return {}
  return { [debugOfKey]: base.image.descriptor.digest, [expiresKey]: recipe.debug.expires }
}

/** What the image says of its own hardening, for whoever runs or audits it. */
function hardeningFacts(
  plan: ImagePlan,
  { fips, relaxations }: Pick<Recipe, 'fips'> & { readonly relaxations: readonly Relaxation[] },
): Record<string, string> {
  const writable = [...plan.root.nodes()].filter(
    (node) =>
      node.type === 'directory' &&
      ((node.mode & 0o002) !== 0 || (node.uid === plan.user.uid && (node.mode & 0o200) !== 0)),
  )
  const facts: Record<string, string> = {
    'io.temper.writable-paths': writable.map((node) => `/${node.path}`).join(' '),
    ...(fips === true ? { 'io.temper.fips': 'true' } : {}),
  }
  if (relaxations.length > 0) {
    facts['io.temper.relaxations'] = relaxations
      .map(({ rule, path, why }) => `${rule}${path === undefined ? '' : ` ${path}`}: ${why}`)
      .join('; ')
  }
  return facts
}
