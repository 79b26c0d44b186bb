import { latestTime } from '../../assemble/root/decide.ts'
import { TemperError } from '../../base/error.ts'
import { defaultCompressor } from '../../formats/compress/compress.ts'
import type { Image, Layer } from '../../model/image.ts'
import type { SystemPackage } from '../../model/package/installed.ts'
import type { RelaxableRule } from '../../model/recipe.ts'
import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { formatReference } from '../../oci/reference.ts'
import { proveClosed } from '../../tree/proof/prove.ts'
import { createLayerTools, type LayerTools } from '../assemble/tools.ts'
import { BuildOutput } from '../build/output.ts'
import type { Context } from '../context.ts'
import { type ImageSource, openImage } from '../image/source.ts'
import { lockAccounts } from './accounts.ts'
import { type BaseImage, readBaseImage } from './base-image.ts'
import { candidatesIn } from './candidates.ts'
import { changeLayer } from './change-layer.ts'
import { describeHardened } from './describe.ts'
import { sbomArtifacts } from './evidence.ts'
import { readContents } from './file-contents.ts'
import { leftOver } from './left-over.ts'
import { executables, withNamed } from './named-programs.ts'
import { type Kept, neededBy, ownPrograms } from './needed.ts'
import { type Owners, ownersIn } from './owners.ts'
import { restrictModes } from './permissions.ts'
import { hardenProvenance } from './provenance.ts'
import { putFile } from './put-file.ts'
import { type Removal, removeUnneeded } from './remove.ts'
import type { HardenRequest, HardenResult, LeftOver, RemovedPath } from './request.ts'
import { type RuntimeRecipe, runtimeRecipe, type Started, startedBy } from './runtime.ts'
import { updateSegments } from './update/segments.ts'
import { notUpdated, type UpdatedTree, updatePackages } from './update/update.ts'
import { type HardenedUser, setUser } from './user.ts'
import { vexArtifacts } from './vex.ts'
import { changesBetween, copyTree } from './work-tree.ts'

/**
 * Hardens any image, without running anything in it: removes what rules name and nothing needs, restricts
 * permissions, and sets the runtime user. Whatever cannot be shown to be safe is left and reported. Errors: those of
 * reading images and of writing layouts.
 */
export async function harden(request: HardenRequest, context: Context): Promise<HardenResult> {
  const source = await openImage(request.image, context)
  try {
    const { platform } = request
    const image = await readImage(source.store, source.root, platform === undefined ? {} : { platform })
    return await hardenImage({ source, image }, request, context)
  } finally {
    await source.store.close()
  }
}

async function hardenImage(
  { source, image }: { readonly source: ImageSource; readonly image: Image },
  request: HardenRequest,
  context: Context,
): Promise<HardenResult> {
  const name = nameOf(source)
  const output = new BuildOutput(
    { layout: request.layout, copies: request.copies ?? [] },
    { name, tags: [request.layout.tag ?? 'latest'] },
    context,
  )
  await output.check()
  const base = await readBaseImage(image, context)
  const mtime = timeOf(image, context)
  const hardened = await changeTree(base, request, { context, mtime })
  const created = utc(newest(hardened.updated, { mtime, context }))
  const tools = await createLayerTools(defaultCompressor('gzip'), context)
  const layers = await layersOf(base, hardened, { tools, squash: request.squash === true })
  const isSquashed = request.squash === true
  const isChanged = isSquashed || layers.length > image.layers.length
  const steps = isChanged ? [isSquashed ? 'temper: hardened, in one layer' : 'temper: hardened'] : []
  const result = describeHardened({
    base: image,
    reference: source.reference,
    layers,
    steps,
    created,
    user: hardened.user.text,
  })
  const { updated, removed, left } = hardened
  const evidence = [
    ...(await sbomArtifacts(result, { name, created }, context)),
    ...(await vexArtifacts(result, { base, updated, name })),
    hardenProvenance({ base, result, name, request, updated, removed, left }, context),
  ]
  const root = await output.write([result], undefined, evidence)
  const published = await output.publish(root)
  return {
    from: image.descriptor.digest,
    digest: root.digest,
    reference: formatReference(output.reference),
    updated: updated.updated,
    removed,
    left,
    user: hardened.user.text,
    size: { before: sizeOf(image.layers), after: sizeOf(layers) },
    published: published.map(({ reference }) => reference),
  }
}

interface ChangedTree {
  readonly root: FileTree
  readonly updated: UpdatedTree
  readonly removed: readonly RemovedPath[]
  readonly left: readonly LeftOver[]
  readonly user: HardenedUser
}

async function changeTree(
  base: BaseImage,
  request: HardenRequest,
  { context, mtime }: { readonly context: Context; readonly mtime: number },
): Promise<ChangedTree> {
  const { image, foreign, installed } = base
  const lock = request.lock === undefined ? {} : { lock: request.lock }
  const updated =
    request.only === 'rules' ? notUpdated(base) : await updatePackages(base, { context, mtime, ...lock })
  const tree = updated.root
  const packages = updated.installed
  const owners = ownersIn(tree, packages)
  const recipe = runtimeRecipe(image.config, request.allow)
  const broken = refuseBroken(base, tree, recipe)
  const started = startedBy(tree, base, recipe)
  const follows = request.only !== 'updates'
  const removal =
    !follows || started === undefined
      ? undefined
      : await remove({ ...base, tree }, { owners, recipe, started, packages }, context)
  const root = removal?.root ?? copyTree(tree)
  if (follows) {
    restrictModes(root, request.allow)
    lockAccounts(root, { allow: request.allow, mtime })
  }
  const user = setUser(root, { request, config: image.config, started, mtime, owners, packages })
  const database = foreign?.distro.installed
  if (
    database !== undefined &&
    installed !== undefined &&
    (removal?.removed.size || updated.updates.length)
  ) {
    const kept = packages.filter((each) => removal?.dropped.has(each) !== true)
    const changes = database.write({ root, before: base.tree, kept })
    for (const path of changes.remove) root.remove(path)
    for (const { path, content, mode = 0o644 } of changes.put) putFile(root, { path, mode, mtime }, content)
  }
  const kept: Kept = removal?.kept ?? new Map()
  const left = [
    ...unknownParts(base),
    ...updated.left,
    ...broken,
    ...(follows
      ? leftOver(root, {
          recipe,
          owners,
          user,
          kept,
          isDatabase: (path) => database?.owns(path) ?? false,
        })
      : []),
  ]
  return { root, updated, removed: removedPaths(tree, root, removal?.removed ?? new Map()), left, user }
}

async function remove(
  base: BaseImage,
  {
    owners,
    recipe,
    started,
    packages,
  }: {
    readonly owners: Owners
    readonly recipe: RuntimeRecipe
    readonly started: Started
    readonly packages: readonly SystemPackage[]
  },
  context: Context,
): Promise<(Removal & { readonly kept: Kept }) | undefined> {
  const { image, tree, foreign, architecture } = base
  const loader = foreign?.distro.loader[architecture]
  if (loader === undefined) return undefined
  const database = foreign?.distro.installed
  const isDatabase = (path: string) => database?.owns(path) ?? false
  const candidates = candidatesIn(tree, { recipe, owners, isDatabase })
  const own = ownPrograms(tree, started, { owners, isDatabase })
  const isScripted = started.texts.length > 0 || own.some(({ shebang }) => shebang !== undefined)
  // Only scripts name others, and reading them takes a pass over the layers.
  const startable = isScripted ? executables(tree) : []
  const read = isScripted ? [...new Set([...own, ...startable])] : []
  const all = await scriptTexts(image, read, context)
  const programs = withNamed(own, { root: tree, startable, started, texts: all })
  const texts = new Map([...all].filter(([path]) => programs.some((node) => node.path === path)))
  const kept = neededBy(programs, { root: tree, candidates, started, texts, loader })
  const removal = removeUnneeded({
    root: tree,
    candidates,
    kept,
    owners,
    recipe,
    loader,
    isDatabase,
    packages,
    started: new Set(started.files.keys()),
  })
  return { ...removal, kept }
}

/** An update that takes something away that programs need is none; links that lead nowhere now are told. */
function refuseBroken(
  { tree, foreign, architecture }: BaseImage,
  updated: FileTree,
  recipe: RuntimeRecipe,
): readonly LeftOver[] {
  const loader = foreign?.distro.loader[architecture]
  if (loader === undefined) return []
  const needs = (root: FileTree) => proveClosed(root, { recipe, loader }).violations
  const before = new Set(needs(tree).map(({ subject, need }) => `${subject} ${need}`))
  const lacking = needs(updated).filter(({ subject, need }) => !before.has(`${subject} ${need}`))
  const links = lacking.filter(({ kind }) => kind === 'symlink')
  if (links.length === lacking.length)
    return links.map(({ subject, found }) => ({
      what: subject,
      why: `since the packages were updated it ${found}`,
    }))
  throw new TemperError(
    'not-closed',
    `With its packages updated, the image would lack what it needs:\n${lacking
      .filter(({ kind }) => kind !== 'symlink')
      .slice(0, 20)
      .map(({ subject, found }) => `  ${subject} ${found}`)
      .join('\n')}`,
    { details: { lacking: lacking.length } },
  )
}

/** Larger scripts are not read: nobody wrote them by hand. */
const scriptLimit = 512 * 1024

async function scriptTexts(
  image: Image,
  programs: readonly TreeNode[],
  { signal }: Context,
): Promise<ReadonlyMap<string, string>> {
  const scripts = programs.filter(({ shebang, size }) => shebang !== undefined && size <= scriptLimit)
  const contents = await readContents(image, scripts, { signal })
  return new Map([...contents].map(([path, bytes]) => [path, Buffer.from(bytes).toString('utf8')]))
}

async function layersOf(
  { image, tree }: BaseImage,
  { root, updated: { updates, tools: packageTools } }: ChangedTree,
  { tools, squash }: { readonly tools: LayerTools; readonly squash: boolean },
): Promise<readonly Layer[]> {
  const segments =
    packageTools && ((nodes: readonly TreeNode[]) => updateSegments(nodes, updates, packageTools))
  const change = { before: tree, after: root, image, ...(segments === undefined ? {} : { segments }) }
  if (squash) {
    const { squashedLayer } = await import('./squash.ts')
    return [await squashedLayer(change, tools)]
  }
  const layer = await changeLayer(change, tools)
  return layer === undefined ? image.layers : [...image.layers, layer]
}

/** A folder that is gone with all that was in it, by one rule, is told in one line. */
function removedPaths(
  before: FileTree,
  after: FileTree,
  rules: ReadonlyMap<string, RelaxableRule>,
): readonly RemovedPath[] {
  return changesBetween(before, after).gone.flatMap((path): RemovedPath[] => {
    const all = [...below(before, path)].flatMap((at) => {
      const rule = rules.get(at)
      return rule === undefined ? [] : [{ path: `/${at}`, rule }]
    })
    const ruleIds = new Set(all.map(({ rule }) => rule))
    const [rule] = ruleIds
    return ruleIds.size === 1 && rule !== undefined ? [{ path: `/${path}`, rule }] : all
  })
}

function* below(tree: FileTree, path: string): Generator<string> {
  yield path
  for (const name of tree.list(path)) yield* below(tree, `${path}/${name}`)
}

/** What nobody here knows how to look at. */
function unknownParts({ distribution, foreign, installed }: BaseImage): readonly LeftOver[] {
  if (foreign === undefined) {
    const what =
      distribution === undefined ? 'the image' : `${distribution.id} ${distribution.version}`.trim()
    const why =
      distribution === undefined
        ? 'it does not say which distribution it is'
        : 'it is a distribution that is not known here'
    return [{ what, why: `${why}: nothing is removed` }]
  }
  if (installed === undefined) return [{ what: 'packages', why: 'there is no package database' }]
  return installed.unread.map((what) => ({ what: 'package database', why: what }))
}

function sizeOf(layers: readonly Layer[]): number {
  return layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0)
}

/** Of what hardening itself makes, in seconds since 1970: as old as the image, so that it is always the same. */
function timeOf({ config }: Image, { sourceDateEpoch }: Context): number {
  const own = Date.parse(config.created ?? '') / 1000
  return sourceDateEpoch ?? (Number.isFinite(own) ? Math.max(0, Math.floor(own)) : 0)
}

/** An image is as new as the newest file that a package brought. */
function newest(
  { updates }: UpdatedTree,
  { mtime, context }: { readonly mtime: number; readonly context: Context },
): number {
  if (context.sourceDateEpoch !== undefined) return mtime
  const times = updates.map(({ content }) =>
    content.entries.reduce((time, entry) => Math.max(time, entry.mtime), 0),
  )
  return Math.min(Math.max(mtime, ...times), latestTime)
}

function utc(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
}

function nameOf({ reference }: ImageSource): string {
  const text =
    reference.kind === 'registry'
      ? reference.repository
      : 'path' in reference
        ? reference.path
        : reference.name
  const last = text.replace(/\/+$/, '').split('/').at(-1) ?? ''
  return last.replace(/[:@].*$/, '').replace(/\.tar$/, '') || 'image'
}
