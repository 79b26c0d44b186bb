import { sha256 } from '../../base/digest.ts'
import type { ExistingSystem } from '../../model/distro.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { RootChange, RootNode } from '../../model/root.ts'
import { parentOf } from '../../model/tree/path.ts'
import type { Rootfs } from '../../model/tree/rootfs.ts'
import type { BaseTree } from './populate.ts'

/** The base in a tree, before anything else was done to the tree. */
export interface BaseState {
  readonly nodes: ReadonlyMap<string, RootNode>
  /** The existing system that the scripts of packages find. */
  readonly system: ExistingSystem
}

/** Records which part of a tree is the base's. */
export function baseState(root: Rootfs, { packages }: Pick<BaseTree, 'packages'>): BaseState {
  const nodes = new Map<string, RootNode>()
  for (const node of root.nodes()) if (node.origin.kind === 'base') nodes.set(node.path, node)
  const text = (path: string) => Buffer.from(root.resolve(path)?.content ?? '').toString('utf8')
  return {
    nodes,
    system: {
      passwd: text('etc/passwd'),
      group: text('etc/group'),
      versions: new Map(),
      isSame: (path) => nodes.has(path),
      mayLack: true,
      packages,
    },
  }
}

const accountFiles = /^etc\/(?:passwd|group|shadow|gshadow)-?$/

/** The changes that effects make over a base: its accounts stay, and new ones are added to them. */
export function changesOver(root: Rootfs, changes: readonly RootChange[]): readonly RootChange[] {
  return changes.flatMap((change): readonly RootChange[] => {
    const path = change.kind === 'put' ? change.entry.path : change.kind === 'move' ? change.to : change.path
    if (isThere(root, change)) return []
    const present = root.resolve(path)
    if (!accountFiles.test(path) || present?.origin.kind !== 'base') return [change]
    if (change.kind !== 'put' || change.content === undefined) return []
    const before = Buffer.from(present.content ?? '').toString('utf8')
    const after = withAccounts(before, Buffer.from(change.content).toString('utf8'))
    if (after === before) return []
    const content = Buffer.from(after)
    const { mode, uid, gid } = present
    const entry = { ...change.entry, path: present.path, mode, uid, gid, size: content.length }
    return [{ kind: 'put', entry, content }]
  })
}

/** Whether the base has it so already, but for its time. */
function isThere(root: Rootfs, change: RootChange): boolean {
  if (change.kind !== 'put') return false
  const { entry, content } = change
  const present = root.get(root.canonical(entry.path))
  if (present?.origin.kind !== 'base' || present.type !== entry.type) return false
  const { type, mode, uid, gid, target, digest } = present
  if (mode !== entry.mode || uid !== entry.uid || gid !== entry.gid || target !== entry.target) return false
  return type !== 'file' || (digest ?? '') === sha256(content ?? new Uint8Array())
}

/** Lines of passwd(5) or group(5) with those that are new, and members that are new in groups that are there. */
function withAccounts(before: string, wanted: string): string {
  const lines = before.split('\n').filter((line) => line !== '')
  const at = new Map(lines.map((line, index) => [line.split(':')[0], index]))
  for (const line of wanted.split('\n')) {
    const fields = line.split(':')
    if (line === '') continue
    const index = at.get(fields[0])
    if (index === undefined) lines.push(line)
    else if (fields.length === 4) lines[index] = withMembers(lines[index] ?? line, fields[3] ?? '')
  }
  return lines.map((line) => `${line}\n`).join('')
}

function withMembers(line: string, members: string): string {
  const fields = line.split(':')
  const all = new Set([...(fields[3] ?? '').split(','), ...members.split(',')].filter((name) => name !== ''))
  return [...fields.slice(0, 3), [...all].join(',')].join(':')
}

/** Whether /etc/os-release is written: a base has its own, unless the recipe says something about it. */
export function saysRelease(root: Rootfs, { osRelease }: Pick<Recipe, 'osRelease'>): boolean {
  const present = root.resolve('etc/os-release') ?? root.resolve('usr/lib/os-release')
  return present?.origin.kind !== 'base' || Object.keys(osRelease).length > 0
}

/**
 * What a layer over the base has to say about it: nodes with other attributes, and removed paths; of a folder that is
 * removed with everything in it, only the folder. A path that something else has replaced is not removed.
 */
export function changedBase(
  root: Rootfs,
  { nodes }: BaseState,
): { readonly own: readonly RootNode[]; readonly hidden: readonly string[] } {
  const own: RootNode[] = []
  const hidden: string[] = []
  for (const [path, node] of nodes) {
    const now = root.get(path)
    if (now === undefined) {
      // Below something that is no folder any more there is nothing to hide.
      const parent = parentOf(path)
      if (parent === '' || root.get(parent)?.type === 'directory') hidden.push(path)
    } else if (now !== node && now.origin.kind === 'base') own.push(now)
  }
  return { own, hidden }
}
