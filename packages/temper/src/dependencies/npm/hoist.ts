import { TemperError } from '../../base/error.ts'
import type { NpmEdge, NpmGraph, NpmNode, NpmPlacement } from './graph.ts'

/** Folders of packages in one project: every further one is a copy. */
const most = 50_000
/** Folders of packages within each other. */
const deepest = 100

/** A folder with a node_modules below it: the application's, or that of a package. */
interface Level {
  readonly path: string
  readonly depth: number
  readonly above: Level | undefined
  readonly node: NpmNode | undefined
  readonly children: Map<string, Level>
  /** Names that something below found above this level: nothing of that name may come between. */
  readonly passed: Set<string>
}

/**
 * Lays packages out in nested folders as yarn does, each as near to the application as it can be while every package
 * finds by Node's rule ("node_modules" here, then in each folder above) what the lock file gives it, peers too.
 */
export function layHoisted({ nodes, roots }: NpmGraph): readonly NpmPlacement[] {
  const top = levelOf('', undefined, undefined)
  const placements: NpmPlacement[] = []
  let queue: Level[] = [top]
  while (queue.length > 0) {
    const next: Level[] = []
    for (const level of queue)
      for (const edge of ordered(level.node?.needs ?? roots, nodes)) {
        const node = nodes.get(edge.key)
        if (node === undefined || isThere(level, edge, node)) continue
        const parent = highest(level, edge, node)
        const placed = levelOf(
          `${parent.path === '' ? '' : `${parent.path}/`}node_modules/${edge.name}`,
          parent,
          node,
        )
        parent.children.set(edge.name, placed)
        pass(level, edge.name, parent)
        next.push(placed)
        placements.push({ node, place: placed.path })
        checkSize(placed, placements.length)
      }
    queue = next
  }
  return placements
}

function checkSize({ node, depth }: Level, count: number): void {
  if (count > most)
    throw new TemperError('limit-exceeded', `A project has at most ${most} folders of packages`)
  if (depth <= deepest) return
  throw new TemperError('bad-recipe', `${node?.where}: it leads deeper than ${deepest} folders of packages`, {
    hint: 'Packages that need each other in endlessly different versions cannot be laid out in folders.',
  })
}

function levelOf(path: string, above: Level | undefined, node: NpmNode | undefined): Level {
  const depth = above === undefined ? 0 : above.depth + 1
  return { path, depth, above, node, children: new Map(), passed: new Set() }
}

/** Those that take others as peers come last, when these have their places. */
function ordered(edges: readonly NpmEdge[], nodes: ReadonlyMap<string, NpmNode>): readonly NpmEdge[] {
  const last = ({ key }: NpmEdge) => ((nodes.get(key)?.peers.length ?? 0) > 0 ? 1 : 0)
  return [...edges].sort((a, b) => last(a) - last(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** Where a folder finds a package of a name. */
function lookUp(from: Level, name: string): Level | undefined {
  for (let level: Level | undefined = from; level !== undefined; level = level.above) {
    const child = level.children.get(name)
    if (child !== undefined) return child
  }
  return undefined
}

/** Whether what a package needs is found already, and sees the peers that it would have beside the package. */
function isThere(from: Level, { name }: NpmEdge, node: NpmNode): boolean {
  const seen = lookUp(from, name)
  if (seen?.node !== node || !seesSame(seen.above, from, node)) return false
  pass(from, name, seen.above)
  return true
}

function seesSame(at: Level | undefined, from: Level, { peers }: NpmNode): boolean {
  return at !== undefined && peers.every((peer) => lookUp(at, peer) === lookUp(from, peer))
}

/** The level nearest to the application that a package can be in; that of who needs it is always free. */
function highest(from: Level, { name }: NpmEdge, node: NpmNode): Level {
  let best = from
  for (let level = from.above; level !== undefined; level = level.above) {
    if (level.children.has(name) || level.passed.has(name)) break
    if (seesSame(level, from, node)) best = level
  }
  return best
}

/** All levels from one that looked for a name up to the one that has it. */
function pass(from: Level, name: string, to: Level | undefined): void {
  for (let level: Level | undefined = from; level !== undefined && level !== to; level = level.above)
    level.passed.add(name)
}
