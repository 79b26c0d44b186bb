import type { RelaxableRule } from '../../model/recipe.ts'
import { defineRule, type Rule } from '../../model/rule.ts'
import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import type { Ballast } from './ballast.ts'
import type { ToolKind } from './tools.ts'

/** What the hardening rules are checked against: a finished tree and how it will be run. */
export interface HardeningSubject {
  readonly root: FileTree
  /** Every node of the tree, sorted by path. */
  readonly nodes: readonly TreeNode[]
  /** The nodes that are ballast by their path, folders left out, and what each is. */
  readonly ballast: ReadonlyMap<TreeNode, Ballast>
  /** The nodes that are tools by their path. */
  readonly tools: ReadonlyMap<TreeNode, ToolKind>
  /** The user that the image's configuration names, resolved. */
  readonly user: { readonly uid: number; readonly gid: number }
  /** Groups of the runtime user besides the primary one. */
  readonly groups: ReadonlySet<number>
  /** True for a path (no leading slash) that the recipe declares writable: volumes and what is below them. */
  readonly isDeclared: (path: string) => boolean
}

export type HardeningRule = Rule<HardeningSubject, RelaxableRule>

/** Makes a rule over a finished tree. Its id is what recipes relax it by. */
export const hardeningRule = defineRule<HardeningSubject, RelaxableRule>

/** "4755". */
export function formatMode(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
