import { inspectBytes } from '../../../formats/file/inspect.ts'
import type { Distro, EffectOutcome } from '../../../model/distro.ts'
import type { FileEntry } from '../../../model/package/package-content.ts'
import type { Architecture } from '../../../model/platform.ts'
import type { RootChange } from '../../../model/root.ts'
import type { FileTree, TreeNode } from '../../../model/tree/file-tree.ts'
import type { MemoryTree } from '../../../model/tree/memory-tree.ts'
import { Rootfs } from '../../../model/tree/rootfs.ts'
import { putText, textOf } from '../put-file.ts'
import type { LeftOver } from '../request.ts'
import type { ReadUpdate } from './lay.ts'

export interface EffectRequest {
  /** The tree before the packages were laid over it. */
  readonly before: FileTree
  readonly root: MemoryTree<TreeNode>
  readonly updates: readonly ReadUpdate[]
  readonly distro: Distro
  readonly architecture: Architecture
  /** Of files that are made, in seconds since 1970. */
  readonly mtime: number
}

/** Makes the changes to the tree that the scripts of updated packages would make, and returns what is not modelled. */
export function applyScripts({
  before,
  root,
  updates,
  distro,
  architecture,
  mtime,
}: EffectRequest): readonly LeftOver[] {
  const system = {
    passwd: textOf(root, 'etc/passwd'),
    group: textOf(root, 'etc/group'),
    versions: new Map(
      updates.flatMap(({ package: { name }, from }) =>
        from === undefined ? [] : [[name, from.package.version] as const],
      ),
    ),
    isSame: (path: string) => {
      const [then, now] = [before.get(path)?.digest, root.get(path)?.digest]
      return then !== undefined && then === now
    },
  }
  const packages = updates.map(({ package: locked, content }) => ({ package: locked, content, kept: true }))
  const outcome = distro.applyEffects(distro.configurationOrder(packages), viewOf(root), {
    accounts: { runAs: 'root', users: [], groups: [] },
    architecture,
    release: distro.release,
    system,
  })
  for (const change of outcome.changes) apply(root, change, mtime)
  return unmodelled(outcome)
}

/** The tree as effects see it: what updated packages brought is theirs, all else was there. */
function viewOf(root: MemoryTree<TreeNode>): Rootfs {
  const view = new Rootfs()
  for (const node of root.nodes()) view.put({ ...node, origin: node.origin ?? { kind: 'recipe' } })
  return view
}

const accountFiles = /^etc\/(?:passwd|group|shadow|gshadow)-?$/

function apply(root: MemoryTree<TreeNode>, change: RootChange, mtime: number): void {
  if (change.kind === 'put' && /^etc\/(?:passwd|group)$/.test(change.entry.path)) {
    addAccounts(root, change.entry.path, { content: change.content, mtime })
    return
  }
  const path = change.kind === 'put' ? change.entry.path : change.kind === 'move' ? change.to : change.path
  if (accountFiles.test(path)) return
  switch (change.kind) {
    case 'put':
      if (change.entry.type === 'file') {
        const content = change.content ?? new Uint8Array()
        root.put({ ...inspectBytes({ ...change.entry, size: content.length, mtime }, content), content })
      } else if (isChosen(root, change.entry)) return
      else if (root.get(path)?.type !== 'directory' || change.entry.type !== 'directory')
        root.put({ ...change.entry, mtime })
      return
    case 'remove':
      root.remove(path)
      return
    case 'move': {
      const node = root.get(root.canonical(change.from))
      if (node === undefined || node.type === 'directory') return
      root.remove(node.path)
      root.put({ ...node, path })
      return
    }
    case 'attributes': {
      const node = root.get(root.canonical(path))
      if (node === undefined || node.type === 'symlink') return
      const { mode = node.mode, uid = node.uid, gid = node.gid } = change
      root.put({ ...node, mode, uid, gid })
    }
  }
}

/** What a default among several programs is was decided when they were installed. */
function isChosen(root: MemoryTree<TreeNode>, { path, type, target = '' }: FileEntry): boolean {
  const isAlternative = path.startsWith('etc/alternatives/') || target.startsWith('/etc/alternatives/')
  return type === 'symlink' && isAlternative && root.resolve(path) !== undefined
}

/** Accounts that are new; those that are there stay as they are. */
function addAccounts(
  root: MemoryTree<TreeNode>,
  path: string,
  { content, mtime }: { readonly content: Uint8Array | undefined; readonly mtime: number },
): void {
  const before = textOf(root, path)
  const known = new Set(before.split('\n').map((line) => line.split(':')[0]))
  const added = Buffer.from(content ?? '')
    .toString('utf8')
    .split('\n')
    // Builds give every image that one.
    .filter((line) => line !== '' && !line.startsWith('nonroot:') && !known.has(line.split(':')[0]))
  if (added.length === 0) return
  const start = before === '' || before.endsWith('\n') ? before : `${before}\n`
  putText(root, { path, mode: 0o644, mtime }, `${start}${added.map((line) => `${line}\n`).join('')}`)
}

function unmodelled({ unmodelled: effects }: EffectOutcome): readonly LeftOver[] {
  return effects.map(({ package: name, script, line, command }) => ({
    what: `${name} ${script}:${line}`,
    why: `what its script does there is not known here: ${command.slice(0, 200)}`,
  }))
}
