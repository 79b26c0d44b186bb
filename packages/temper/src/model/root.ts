import type { FileEntry } from './package/package-content.ts'
import type { FileTree, NodeOrigin, TreeNode } from './tree/file-tree.ts'

/** One object of a tree that is being built. Only files that no package brings have contents. */
export interface RootNode extends TreeNode {
  readonly origin: NodeOrigin
}

/** The read-only view of the tree that is being built. None of it is on disk. */
export type RootView = FileTree<RootNode>

/** What effects may know about a node: everything that their result can depend on. */
export type EffectNode = Pick<
  RootNode,
  | 'path'
  | 'type'
  | 'mode'
  | 'uid'
  | 'gid'
  | 'target'
  | 'origin'
  | 'content'
  | 'size'
  | 'mtime'
  | 'elf'
  | 'fipsModule'
>

/** The view that effects have of the tree that is being built. */
export type EffectView = FileTree<EffectNode>

/** One change that an effect or a recipe makes to the tree. Parents are made as needed (0755, root). */
export type RootChange =
  | { readonly kind: 'put'; readonly entry: FileEntry; readonly content?: Uint8Array }
  | { readonly kind: 'remove'; readonly path: string }
  | {
      readonly kind: 'attributes'
      readonly path: string
      readonly mode?: number
      readonly uid?: number
      readonly gid?: number
      readonly recursive?: boolean
    }
  | { readonly kind: 'move'; readonly from: string; readonly to: string }
