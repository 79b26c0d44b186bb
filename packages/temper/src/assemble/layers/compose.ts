import { mapLargestFirst, mapLimit } from '../../base/concurrency.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { MemberCompressor } from '../../formats/compress/compress.ts'
import type { Distro } from '../../model/distro.ts'
import type { Compressor } from '../../model/lock.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { RootNode } from '../../model/root.ts'
import { nameOf, parentOf, pathIn } from '../../model/tree/path.ts'
import { whiteoutPrefix } from '../../model/tree/whiteout.ts'
import type { AssemblyCache } from '../packages/cache.ts'
import { databaseRecord } from '../packages/database.ts'
import type { ContentEntry } from '../packages/segment.ts'
import { makeSegment, type OpenArchive, segmentKey } from '../packages/segment.ts'
import { archiveTime, type ImagePlan, type PackagePlan } from '../plan.ts'
import { type DependencyGroup, splitDependencies } from './dependencies.ts'
import { groupLayers, type LayerGroup } from './group.ts'
import type { DescribedLayer } from './image.ts'
import { type ComposedLayer, composeLayer, type LayerOptions, withoutContent } from './layer.ts'
import type { CachedSegment } from './stored.ts'

/** What is needed to make segments. */
export interface SegmentOptions {
  readonly cache: AssemblyCache
  readonly compressor: MemberCompressor
  readonly spec: Compressor
  readonly openArchive: OpenArchive
  readonly signal?: AbortSignal
}

export interface ComposeOptions extends SegmentOptions, Pick<LayerOptions, 'measure'> {
  readonly recipe: Recipe
  readonly distro: Distro
  readonly sourceDateEpoch: number | undefined
  /** Whether the packages of an application get layers of their own. Default false. */
  readonly dependencyLayers?: boolean
  /** Contents of base files whose attributes change, by path. Absent: there are none. */
  readonly contents?: ReadonlyMap<string, Uint8Array>
}

/** Layers made at once; more would not be faster, only larger in memory. */
const concurrency = 2

/** A described layer whose parts are known. */
export type PlannedLayer = DescribedLayer & { readonly layer: ComposedLayer }

/** Makes the layers of a plan: missing segments first, then one layer a group, then what effects and recipe add. */
export async function composeLayers(plan: ImagePlan, options: ComposeOptions): Promise<PlannedLayer[]> {
  const segments = await mapLimit(plan.packages, concurrency, (planned) => ensureSegment(planned, options))
  const segmentOf = new Map(
    plan.packages.map((planned, index) => [planned, segments[index] as CachedSegment]),
  )
  const { mediaTypes, lazy } = options.recipe.output
  const settings = { ...options, mediaTypes, ...(lazy === true ? { lazy } : {}) }
  const groups = groupLayers(plan.packages, options.recipe.output.layers)
  const order = { limit: concurrency, sizeOf: ({ packages }: LayerGroup) => sizeOf(packages) }
  const layers = await mapLargestFirst(groups, order, async (group) => ({
    layer: await composeLayer(
      {
        head: foldersOf(plan, groupPaths(plan, group)).map((folder) => aged(folder, newestOf(plan, group))),
        segments: group.packages.map((planned) => segmentOf.get(planned) as CachedSegment),
      },
      settings,
    ),
    createdBy: describeGroup(group),
  }))
  const { groups: dependencies, rest } =
    options.dependencyLayers === true
      ? splitDependencies(plan.own, options.recipe.output.layers)
      : { groups: [], rest: plan.own }
  const bySize = { limit: concurrency, sizeOf: ({ nodes }: DependencyGroup) => nodes.length }
  const dependencyLayers = await mapLargestFirst(dependencies, bySize, async (group) => ({
    layer: await composeLayer({ head: dependencyEntries(plan, group), segments: [] }, settings),
    createdBy: `temper: ${group.names.join(', ')}`,
  }))
  const own = await composeLayer(
    { head: ownEntries({ ...plan, own: rest }, options.contents), segments: [] },
    settings,
  )
  return [
    ...layers,
    ...dependencyLayers,
    { layer: own, createdBy: 'temper: accounts, certificates, links and files of effects and recipe' },
  ]
}

function sizeOf(packages: readonly PackagePlan[]): number {
  return packages.reduce((sum, { package: locked }) => sum + locked.size, 0)
}

/** A package's segment with its entries in the package database; makes it when the cache has none. */
async function ensureSegment(plan: PackagePlan, options: ComposeOptions): Promise<CachedSegment> {
  const { distro, sourceDateEpoch: latest } = options
  return await packageSegment(plan, databaseRecord(plan.content, plan.entries, { distro, latest }), options)
}

/** A package's segment and what is written after it. Makes the segment when the cache has none. */
export async function packageSegment(
  plan: Pick<PackagePlan, 'package' | 'content' | 'entries'>,
  record: readonly ContentEntry[],
  options: SegmentOptions,
): Promise<CachedSegment> {
  const { cache, spec } = options
  const key = segmentKey({ digest: plan.package.digest, compressor: spec }, plan.entries, record)
  const make = () => writeSegment(plan, { ...options, key, record })
  if (!(await cache.hasSegment(key))) await make()
  return { key, maker: async () => make }
}

async function writeSegment(
  plan: Pick<PackagePlan, 'package' | 'content' | 'entries'>,
  options: SegmentOptions & { readonly key: Digest; readonly record: readonly ContentEntry[] },
): Promise<void> {
  const { cache, spec, compressor, key, record } = options
  const { digest, name, version } = plan.package
  const entries = new Map(plan.entries.map((entry) => [entry.archivePath, entry]))
  const writer = await cache.createSegment()
  try {
    await makeSegment(
      {
        digest,
        what: `${name} ${version}`,
        archive: await options.openArchive(plan.package),
        signal: options.signal,
        decide: (entry) => entries.get(entry.path),
        captures: () => false,
        database: () => record,
      },
      { compressor, spec, sink: writer.write },
    )
    await writer.commit(key)
  } catch (error) {
    await writer.abort()
    throw error
  }
}

/** Paths of a group's files, of its own empty folders too. */
function groupPaths(plan: ImagePlan, group: LayerGroup): Set<string> {
  const names = new Set(group.packages.map((planned) => planned.package.name))
  const paths = new Set<string>()
  for (const node of plan.root.nodes()) {
    if (
      (node.origin.kind === 'package' || node.origin.kind === 'database') &&
      names.has(node.origin.package)
    ) {
      paths.add(node.type === 'directory' ? node.path : parentOf(node.path))
    }
  }
  return paths
}

/**
 * The time of the newest thing in a group's packages. Folders of its layer have it, and not the one of the finished tree, which is
 * that of any package that brings something into them: a layer changes with its own packages alone.
 */
function newestOf({ created }: ImagePlan, { packages }: LayerGroup): number {
  let newest = 0
  for (const { content } of packages)
    for (const { mtime } of content.entries) newest = Math.max(newest, mtime)
  return Math.min(newest, created)
}

function aged({ entry, content }: ContentEntry, mtime: number): ContentEntry {
  return { entry: { ...entry, mtime }, content }
}

/** Every folder on the way to the given ones, parents first, as the finished tree has them. */
function foldersOf(plan: ImagePlan, paths: ReadonlySet<string>): ContentEntry[] {
  const all = new Set<string>()
  for (const path of paths) for (let at = path; at !== '' && !all.has(at); at = parentOf(at)) all.add(at)
  return [...all].sort().flatMap((path) => {
    const node = plan.root.get(path)
    return node?.type === 'directory' ? [withoutContent(entryOf(node))] : []
  })
}

/** What the packages of an application put into the tree, with times that nothing else in the image moves. */
function dependencyEntries(plan: ImagePlan, { nodes }: DependencyGroup): ContentEntry[] {
  const time = Math.min(plan.created, archiveTime)
  const folders = foldersOf(plan, new Set(nodes.map(({ path }) => parentOf(path))))
  return [
    ...folders.map((folder) => aged(folder, time)),
    ...nodes.map((node) => ({ entry: entryOf(node), content: node.content ?? new Uint8Array() })),
  ]
}

/** What effects and recipe put into the tree, each with its folders before it. */
function ownEntries(plan: ImagePlan, contents: ComposeOptions['contents']): ContentEntry[] {
  const hidden = plan.hidden ?? []
  const folders = foldersOf(
    plan,
    new Set([
      ...plan.own.map((node) => (node.type === 'directory' ? node.path : parentOf(node.path))),
      ...hidden.map(parentOf),
    ]),
  )
  const files = plan.own
    .filter((node) => node.type !== 'directory')
    .map((node) => ({ entry: entryOf(node), content: contentOf(node, contents) }))
  // A hard link follows the file that it shares.
  return [
    ...folders,
    // Before what takes the place of something (image-spec layer.md, "Whiteouts").
    ...hidden.map(whiteout),
    ...files.filter(({ entry }) => entry.type !== 'hardlink'),
    ...files.filter(({ entry }) => entry.type === 'hardlink'),
  ]
}

function contentOf(
  { path, type, size, content, origin }: RootNode,
  contents: ComposeOptions['contents'],
): Uint8Array {
  const bytes = content ?? contents?.get(path)
  if (origin.kind === 'base' && type === 'file' && bytes?.length !== size)
    throw new TemperError(
      'limit-exceeded',
      `/${path} of the base is too large for a change of its attributes`,
      {
        hint: 'Leave its permissions and owner as they are.',
        details: { path: `/${path}`, size },
      },
    )
  return bytes ?? new Uint8Array()
}

/** What removes a path of the layers below (image-spec 1.1, "Whiteouts"). */
export function whiteout(path: string): ContentEntry {
  return withoutContent({
    path: pathIn(parentOf(path), `${whiteoutPrefix}${nameOf(path)}`),
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: 0,
    mtime: 0,
  })
}

function entryOf({ path, type, mode, uid, gid, size, mtime, target, xattrs }: ImagePlan['own'][number]) {
  return {
    path,
    type,
    mode,
    uid,
    gid,
    size,
    mtime,
    ...(target === undefined ? {} : { target }),
    ...(xattrs === undefined ? {} : { xattrs }),
  }
}

function describeGroup(group: LayerGroup): string {
  const packages = group.packages.map(({ package: locked }) => `${locked.name} ${locked.version}`)
  return `temper: ${packages.join(', ')}`
}
