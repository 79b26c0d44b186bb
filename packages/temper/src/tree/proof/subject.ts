import { defaultPath } from '../../formats/interpreter.ts'
import type { LoaderRules } from '../../model/loader.ts'
import type { ElfFacts } from '../../model/package/package-content.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'

export type ProofRecipe = Pick<Recipe, 'entrypoint' | 'cmd' | 'environment' | 'workDir' | 'volumes' | 'tests'>

/** The finished tree, as the proof of closure looks at it. */
export interface ProofSubject {
  readonly root: FileTree
  /** Every node, sorted by path. */
  readonly nodes: readonly TreeNode[]
  readonly loader: LoaderRules
  readonly recipe: ProofRecipe
  /** Folders of PATH in the image's environment. */
  readonly path: readonly string[]
  /** Text of a file: of the tree, or captured from its package. Undefined when it was not kept. */
  readonly read: (node: TreeNode) => string | undefined
  /** The package outside the image that has a file: a path, or the name of a library or a program. */
  readonly whoHas: (file: string) => string | undefined
}

/** An ELF file of the tree. */
export interface ElfNode extends TreeNode {
  readonly elf: ElfFacts
}

export function isElf(node: TreeNode | undefined): node is ElfNode {
  return node?.elf !== undefined
}

/** ELF files of the image's machine that a loader could load. */
export function isLoadable(node: ElfNode, loader: LoaderRules): boolean {
  return node.elf.machine === loader.number && node.elf.bits === 64 && node.elf.kind !== 'other'
}

/** Follows a path to a file, through symlinks and hard links; undefined when there is none. */
export function resolveFile(root: FileTree, path: string): TreeNode | undefined {
  const node = root.resolve(path)
  const file = node?.type === 'hardlink' && node.target !== undefined ? root.get(node.target) : node
  return file?.type === 'file' ? file : undefined
}

/** Finds a program as execvp(3) would: by its path, or by its name in the folders of PATH. */
export function findProgram(
  subject: Pick<ProofSubject, 'root' | 'path'>,
  name: string,
  folder = '/',
): TreeNode | undefined {
  const candidates = name.startsWith('/')
    ? [name]
    : name.includes('/')
      ? [`${folder}/${name}`]
      : subject.path.map((directory) => `${directory}/${name}`)
  for (const candidate of candidates) {
    const file = resolveFile(subject.root, candidate)
    if (file && (file.mode & 0o111) !== 0) return file
  }
  return undefined
}

/** The folders of PATH, or the usual ones when it is not set. */
export function pathFolders(environment: Readonly<Record<string, string>>): readonly string[] {
  const path = environment['PATH']
  return path === undefined || path === '' ? defaultPath : path.split(':').filter((folder) => folder !== '')
}
