import type { Relaxation } from '../../model/recipe.ts'
import type { TreeNode } from '../../model/tree/file-tree.ts'
import type { MemoryTree } from '../../model/tree/memory-tree.ts'
import { hardenedMode } from '../../rules/hardening/strip.ts'

/** Removes setuid and setgid bits, and write permission for everybody except on folders that are meant to be shared. */
export function restrictModes(root: MemoryTree<TreeNode>, allow: readonly Relaxation[]): void {
  for (const node of [...root.nodes()]) {
    const mode = hardenedMode(node, { allow })
    if (mode !== node.mode) root.put({ ...node, mode })
  }
}
