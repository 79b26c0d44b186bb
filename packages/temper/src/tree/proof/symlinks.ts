import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import { lookUp } from '../../model/tree/look-up.ts'
import { type NeedFault, unmetNeed } from './need.ts'
import type { ProofSubject } from './subject.ts'

export interface DanglingSymlink {
  readonly node: TreeNode
  /** Where following the link ended: the absolute path that does not exist; undefined for a circle of links. */
  readonly missing?: string
}

/** What the kernel and the container runtime put there when the container starts. */
const volatileFolders = ['proc', 'sys', 'dev', 'run', 'tmp', 'var/tmp']

/**
 * Symlinks whose target does not exist, in order of path. Links into folders that are filled only when the container
 * runs are fine: /proc, /sys, /dev, /run, /tmp, and those given as `filledLater` (volumes).
 */
export function danglingSymlinks(
  root: FileTree,
  options: { readonly filledLater?: readonly string[] } = {},
): DanglingSymlink[] {
  const later = [
    ...volatileFolders,
    ...(options.filledLater ?? []).map((path) => path.replace(/^\/+|\/+$/g, '')),
  ]
  const dangling: DanglingSymlink[] = []
  for (const node of root.nodes()) {
    if (node.type !== 'symlink') continue
    const end = lookUp(root, node.path)
    if (end.outcome === 'found') continue
    const missing =
      end.outcome === 'loop' ? undefined : [end.path, ...end.rest].filter((part) => part !== '').join('/')
    if (
      missing !== undefined &&
      later.some((folder) => missing === folder || missing.startsWith(`${folder}/`))
    )
      continue
    dangling.push(missing === undefined ? { node } : { node, missing: `/${missing}` })
  }
  return dangling
}

/** Checks that the target of every symlink exists. */
export function* proveSymlinks(subject: ProofSubject): Generator<NeedFault> {
  for (const { node, missing } of danglingSymlinks(subject.root, { filledLater: subject.recipe.volumes })) {
    const target = node.target ?? ''
    const found =
      missing === undefined
        ? 'is a symlink that leads in a circle'
        : `is a symlink to ${target}, and ${missing} is not in the image`
    yield unmetNeed({
      kind: 'symlink',
      by: node,
      need: missing ?? target,
      provider: missing === undefined ? undefined : subject.whoHas(missing),
      found,
    })
  }
}
