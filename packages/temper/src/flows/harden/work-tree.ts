import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import { MemoryTree } from '../../model/tree/memory-tree.ts'
import { parentOf } from '../../model/tree/path.ts'
import { folderAbove } from '../../tree/reading.ts'

/** A copy of a tree to be changed. A node is unchanged exactly when it is the identical object of the original tree. */
export function copyTree(tree: FileTree): MemoryTree<TreeNode> {
  const copy = new MemoryTree<TreeNode>({ folder: folderAbove })
  for (const node of tree.nodes()) copy.put(node)
  return copy
}

export interface TreeChanges {
  /** Removed paths, without those below them. */
  readonly gone: readonly string[]
  /** New or changed, in order of path. */
  readonly changed: readonly TreeNode[]
}

/** How a tree differs from the one that it was copied from. */
export function changesBetween(before: FileTree, after: FileTree): TreeChanges {
  const gone: string[] = []
  // Of a folder that is gone with all that is in it only the folder is told.
  for (const { path } of before.nodes())
    if (after.get(path) === undefined && (parentOf(path) === '' || after.get(parentOf(path)) !== undefined))
      gone.push(path)
  const changed = [...after.nodes()].filter((node) => before.get(node.path) !== node)
  return { gone, changed }
}
