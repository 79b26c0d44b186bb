import type { FileTree, TreeNode } from './file-tree.ts'
import { pathIn, trimSlashes } from './path.ts'
import { type Resolution, type ResolveOptions, resolvePath, type Walkable } from './resolve-path.ts'

/** What a tree has at its top, though no node stands for it. */
const rootFolder = { path: '', type: 'directory' } as const

/** An object of a tree, or its root. */
export type TreePlace<Node extends TreeNode> = Node | typeof rootFolder

/** Follows a path through a tree, and tells why it led nowhere. */
export function lookUp<Node extends TreeNode>(
  tree: Pick<FileTree<Node>, 'get'>,
  path: string,
  options: ResolveOptions = {},
): Resolution<TreePlace<Node>> {
  const walkable: Walkable<TreePlace<Node>> = {
    root: rootFolder,
    child: (folder, name) => tree.get(pathIn(folder.path, name)),
    linkTarget: targetOf,
    isFolder: ({ type }) => type === 'directory',
  }
  return resolvePath(walkable, path, options)
}

/**
 * The path with every symlink in its folders followed, its last part left as it is. Parts that do not exist, or are no
 * folders, stay as written: this is where a new object with that path would be. A path that leads in a circle stays
 * as it is.
 */
export function canonicalPath<Node extends TreeNode>(
  tree: Pick<FileTree<Node>, 'get'>,
  path: string,
  options: Pick<ResolveOptions, 'onLink'> = {},
): string {
  type Place = Pick<TreeNode, 'path' | 'type' | 'target'>
  const walkable: Walkable<Place> = {
    root: rootFolder,
    child: (folder, name) => {
      const at = pathIn(folder.path, name)
      return tree.get(at) ?? { path: at, type: 'directory' }
    },
    linkTarget: targetOf,
    isFolder: () => true,
  }
  const place = resolvePath(walkable, trimSlashes(path), { ...options, followLast: false })
  return place.outcome === 'found' ? place.path : trimSlashes(path)
}

function targetOf(place: Pick<TreeNode, 'type' | 'target'>): string | undefined {
  return place.type === 'symlink' ? (place.target ?? '') : undefined
}
