import { relax } from '../../model/hardening/relaxation.ts'
import type { LoaderRules } from '../../model/loader.ts'
import type { Recipe, Relaxation } from '../../model/recipe.ts'
import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import type { UnmetNeed } from './need.ts'
import { closureRules } from './rules.ts'
import { type ProofRecipe, type ProofSubject, pathFolders } from './subject.ts'

export interface ProofOptions {
  readonly recipe: ProofRecipe & Pick<Recipe, 'hardening'>
  readonly loader: LoaderRules
  /**
   * Content of a package's file that was kept when the package was read; `proofReads` says which files the
   * proof asks for. Content that nodes carry themselves is not asked for.
   */
  readonly read?: (node: TreeNode) => Uint8Array | undefined
  /** A package that is not in the image and has a file, a path or a name ("libz.so.1"), for the message. */
  readonly whoHas?: (file: string) => string | undefined
}

export interface Proof {
  /** What is missing and not relaxed; empty when the tree is closed. */
  readonly violations: readonly UnmetNeed[]
  /** Relaxations that let something pass. */
  readonly used: readonly Relaxation[]
}

/**
 * Proves that the finished tree has everything that its files need to run: libraries with their symbol
 * versions, loaders and interpreters, targets of symlinks, configured plug-ins, and the recipe's commands.
 */
export function proveClosed(root: FileTree, options: ProofOptions): Proof {
  const { recipe, loader, read, whoHas } = options
  const decoder = new TextDecoder()
  const subject: ProofSubject = {
    root,
    nodes: [...root.nodes()],
    loader,
    recipe,
    path: pathFolders(recipe.environment),
    read: (node) => {
      const content = node.content ?? read?.(node)
      return content === undefined ? undefined : decoder.decode(content)
    },
    whoHas: (file) => whoHas?.(file),
  }
  const violations = closureRules.flatMap((rule) => [...rule.check(subject)])
  const { remaining, used } = relax(violations, recipe.hardening.allow)
  return { violations: remaining, used }
}
