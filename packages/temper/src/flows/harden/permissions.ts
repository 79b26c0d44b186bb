import type { Relaxation } from '../../model/recipe.ts'
import type { TreeNode } from '../../model/tree/file-tree.ts'
import type { MemoryTree } from '../../model/tree/memory-tree.ts'
import { hardenedMode, isSharedFolder } from '../../rules/hardening/strip.ts'

/**
 * Removes setuid and setgid bits, and write permission for everybody except on folders that are meant to be shared: where these lack
 * the sticky bit, which tools that copy files lose, they get it, since programs of a user other than root write there.
 */
export function restrictModes(root: MemoryTree<TreeNode>, allow: readonly Relaxation[]): void {
  for (const node of [...root.nodes()]) {
    const sticky = { ...node, mode: node.mode | 0o1000 }
    const isShared = (node.mode & 0o002) !== 0 && isSharedFolder(sticky)
    const mode = hardenedMode(isShared ? sticky : node, { allow })
    if (mode !== node.mode) root.put({ ...node, mode })
  }
}
