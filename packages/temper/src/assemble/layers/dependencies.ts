import { createHash } from 'node:crypto'
import type { RootNode } from '../../model/root.ts'
import { parentOf } from '../../model/tree/path.ts'

/** Packages of an application that share a layer. */
export interface DependencyGroup {
  /** Sorted. */
  readonly names: readonly string[]
  readonly nodes: readonly RootNode[]
}

/** What goes into layers of dependencies, and what stays with the files of effects and recipe. */
export interface SplitNodes {
  readonly groups: readonly DependencyGroup[]
  readonly rest: readonly RootNode[]
}

/** A package smaller than this never gets a layer of its own: a request costs more than it saves. */
const smallestLayer = 256 * 1024

/** Of what several small packages share, bytes that make another layer worth its request. */
const sharedSize = 512 * 1024

/**
 * Separates the packages of an application from what effects and recipe made, so that pulling another version of the
 * application does not transfer them again. The largest get layers of their own; the others are distributed over a
 * few layers by name, so that a package that is changed, added or removed moves no other. Folders that lead only to
 * packages go with them.
 */
export function splitDependencies(own: readonly RootNode[], budget: number): SplitNodes {
  // A hard link shares its file with the layer that it is in.
  const shared = new Set(own.flatMap(({ type, target }) => (type === 'hardlink' ? [target] : [])))
  const byName = new Map<string, RootNode[]>()
  const others: RootNode[] = []
  for (const node of own) {
    const name = dependencyOf(node)
    if (name === undefined || node.type === 'directory' || shared.has(node.path)) others.push(node)
    else byName.set(name, [...(byName.get(name) ?? []), node])
  }
  if (byName.size === 0) return { groups: [], rest: own }
  const covered = ancestors([...byName.values()].flat())
  const needed = ancestors(others.filter(({ type }) => type !== 'directory'))
  const rest = others.filter(
    ({ type, path }) => type !== 'directory' || !covered.has(path) || needed.has(path),
  )
  return { groups: groupDependencies(byName, budget), rest }
}

/** At most `budget` groups; sizes count by powers of two and ties go by name. */
function groupDependencies(
  byName: ReadonlyMap<string, readonly RootNode[]>,
  budget: number,
): readonly DependencyGroup[] {
  const ranked = [...byName]
    .map(([name, nodes]) => ({ name, nodes, size: nodes.reduce((sum, { size }) => sum + size, 0) }))
    .sort((a, b) => magnitude(b.size) - magnitude(a.size) || compareText(a.name, b.name))
  const mostShared = Math.max(1, Math.floor(budget / 2))
  const large = ranked.slice(0, budget - mostShared).filter(({ size }) => size >= smallestLayer)
  const small = ranked.slice(large.length)
  const total = small.reduce((sum, { size }) => sum + size, 0)
  const count = Math.min(mostShared, 2 ** magnitude(total / sharedSize))
  const alone = large.sort((a, b) => compareText(a.name, b.name))
  const parts = Map.groupBy(
    small.sort((a, b) => compareText(a.name, b.name)),
    ({ name }) => partOf(name, count),
  )
  return [
    ...alone.map(({ name, nodes }) => ({ names: [name], nodes })),
    ...[...parts]
      .sort(([a], [b]) => a - b)
      .map(([, packages]) => ({
        names: packages.map(({ name }) => name),
        nodes: packages.flatMap(({ nodes }) => nodes),
      })),
  ]
}

/** A number below `count` that depends on nothing but the name. */
function partOf(name: string, count: number): number {
  return createHash('sha256').update(name).digest().readUInt32BE(0) % count
}

function dependencyOf({ origin }: RootNode): string | undefined {
  return origin.kind === 'recipe' ? origin.dependency : undefined
}

/** Every folder on the way to the given nodes. */
function ancestors(nodes: readonly RootNode[]): ReadonlySet<string> {
  const folders = new Set<string>()
  for (const { path } of nodes)
    for (let at = parentOf(path); at !== '' && !folders.has(at); at = parentOf(at)) folders.add(at)
  return folders
}

function magnitude(size: number): number {
  return Math.floor(Math.log2(Math.max(1, size)))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
