import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import { loadProgram } from './closure.ts'
import { createLibrarySearch } from './library-search.ts'
import type { ProofOptions } from './prove.ts'
import { findProgram, isElf, type ProofSubject, pathFolders } from './subject.ts'

/** Finds the programs that commands start and the libraries that these load, in a tree that anybody built. */
export interface Reach {
  /** The program of a command, as execvp(3) finds it in the folders of the image's PATH, links followed. */
  program(name: string): TreeNode | undefined
  /**
   * The program itself and all libraries that the loader loads for it; those that it opens by itself are not
   * included.
   */
  loaded(program: TreeNode): readonly TreeNode[]
}

export function createReach(root: FileTree, { recipe, loader }: ProofOptions): Reach {
  const subject: ProofSubject = {
    root,
    nodes: [...root.nodes()],
    loader,
    recipe,
    path: pathFolders(recipe.environment),
    read: ({ content }) => (content === undefined ? undefined : Buffer.from(content).toString('utf8')),
    whoHas: () => undefined,
  }
  const search = createLibrarySearch(subject)
  return {
    program: (name) => findProgram(subject, name, recipe.workDir),
    loaded: (program) => {
      if (!isElf(program)) return [program]
      const all = new Set<TreeNode>([program])
      for (const { resolved } of loadProgram(program, search)) if (resolved !== undefined) all.add(resolved)
      return [...all]
    },
  }
}
