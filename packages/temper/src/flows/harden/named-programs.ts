import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import { nameOf } from '../../model/tree/path.ts'
import { toolKind } from '../../rules/hardening/tools.ts'
import type { Started } from './runtime.ts'

/** Files that can be started, of which a program or script of an image may start some by their names. */
export function executables(root: FileTree): readonly TreeNode[] {
  return [...root.nodes()].filter(
    (node) =>
      node.type === 'file' &&
      (node.mode & 0o111) !== 0 &&
      (node.elf?.kind === 'executable' || node.shebang !== undefined) &&
      // A tool is what is to be judged.
      toolKind(node.path) === undefined,
  )
}

/**
 * The programs with those that scripts among them name, and those that scripts among these name. What a script names it may start,
 * wherever that is: scripts set their own PATH. Links are followed.
 */
export function withNamed(
  programs: readonly TreeNode[],
  about: {
    readonly root: FileTree
    /** Files that may be started by their names. */
    readonly startable: readonly TreeNode[]
    readonly started: Pick<Started, 'texts'>
    /** Texts of scripts, by path. */
    readonly texts: ReadonlyMap<string, string>
  },
): readonly TreeNode[] {
  const named = namesOf(about.root, new Set(about.startable))
  const all = new Set(programs)
  const told = new Set<string>()
  const pending = [...about.started.texts.map(({ text }) => text)]
  for (const { path } of programs) pending.push(about.texts.get(path) ?? '')
  for (let text = pending.pop(); text !== undefined; text = pending.pop())
    for (const word of new Set(text.split(/[^\w.+-]+/))) {
      if (told.has(word)) continue
      told.add(word)
      for (const node of named.get(word) ?? []) {
        if (all.has(node)) continue
        all.add(node)
        pending.push(about.texts.get(node.path) ?? '')
      }
    }
  return [...all]
}

/** Programs by the last part of each path that leads to them. */
function namesOf(root: FileTree, startable: ReadonlySet<TreeNode>): ReadonlyMap<string, readonly TreeNode[]> {
  const names = new Map<string, TreeNode[]>()
  if (startable.size === 0) return names
  for (const node of root.nodes()) {
    const program = node.type === 'symlink' ? root.resolve(node.path) : node
    if (program === undefined || !startable.has(program)) continue
    const name = nameOf(node.path)
    const same = names.get(name)
    if (same === undefined) names.set(name, [program])
    else same.push(program)
  }
  return names
}
