import type { Graded } from '../../model/assess/assessment.ts'
import type { Setting } from '../../model/assess/setting.ts'
import type { RelaxableRule } from '../../model/recipe.ts'
import { defineRule, type Rule, type RuleDefinition } from '../../model/rule.ts'
import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import type { Ballast } from './ballast.ts'
import type { ToolKind } from './tools.ts'

/** What the hardening rules check: a finished tree and how it will be run. */
export interface HardeningSubject {
  readonly root: FileTree
  /** Every node of the tree, sorted by path. */
  readonly nodes: readonly TreeNode[]
  /** The nodes that are ballast by their path, without folders, each with its kind. */
  readonly ballast: ReadonlyMap<TreeNode, Ballast>
  /** The nodes that are tools. */
  readonly tools: ReadonlyMap<TreeNode, ToolKind>
  /** Folders of the image's PATH, without leading slash. */
  readonly programFolders: ReadonlySet<string>
  /** The user that the image's configuration names, resolved. Absent when it is not known. */
  readonly user?: { readonly uid: number; readonly gid: number }
  /** Groups of the runtime user besides the primary one. */
  readonly groups: ReadonlySet<number>
  /** True for a path (no leading slash) that the recipe declares writable: volumes and what is below them. */
  readonly isDeclared: (path: string) => boolean
  /** Name of the distribution's package that brought a node; undefined when no package claims it. */
  readonly packageOf: (node: TreeNode) => string | undefined
}

/** A rule over a finished tree that every image is checked against, whether built here or elsewhere. */
export interface HardeningRule extends Rule<HardeningSubject, RelaxableRule>, Graded {
  /** Parts of a foreign image without which it cannot be checked. */
  readonly needs: readonly 'user'[]
  /** The setting that it is about, if any. */
  readonly setting?: Setting
}

export interface HardeningRuleDefinition
  extends RuleDefinition<HardeningSubject, RelaxableRule, object>,
    Graded {
  readonly needs?: readonly 'user'[]
  readonly setting?: Setting
}

/** Makes a rule over a finished tree. Recipes relax it by its id. */
export function hardeningRule({
  needs = [],
  setting,
  ...definition
}: HardeningRuleDefinition): HardeningRule {
  const { aspect, tier } = definition
  return {
    ...defineRule<HardeningSubject, RelaxableRule>(definition),
    aspect,
    tier,
    needs,
    ...(setting === undefined ? {} : { setting }),
  }
}

/** Permission bits as octal text: "4755". */
export function formatMode(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
