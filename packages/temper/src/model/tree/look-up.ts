import type { FileTree, TreeNode } from './file-tree.ts'
import { parentOf, pathIn, trimSlashes } from './path.ts'
import { type FollowOptions, linkLimit, type Resolution, resolvePath, type Walkable } from './resolve-path.ts'

/** What a tree has at its top, though no node stands for it. */
const rootFolder = { path: '', type: 'directory' } as const

/** An object of a tree, or its root. */
export type TreePlace<Node extends TreeNode> = Node | typeof rootFolder

/** Follows a path through a tree, and says why if it leads nowhere. */
export function lookUp<Node extends TreeNode>(
  tree: Pick<FileTree<Node>, 'get'>,
  path: string,
  options: FollowOptions = {},
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
 * The path with every symlink in its folders followed, its last part left as it is unless `followLast` says
 * otherwise. Parts that do not exist, or are not folders, stay as written: this is where a new object with that path
 * would be. A path that leads in a circle stays unchanged.
 */
export function canonicalPath<Node extends TreeNode>(
  tree: Pick<FileTree<Node>, 'get'>,
  path: string,
  options: FollowOptions = {},
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
  const place = resolvePath(walkable, trimSlashes(path), { followLast: false, ...options })
  return place.outcome === 'found' ? place.path : trimSlashes(path)
}

/**
 * The object at a path and, as long as it is a symlink, the object that it leads to: everything that has to stay for
 * the path to lead where it does. The chain ends where there is nothing, and after as many links as Linux follows.
 */
export function* linkChain<Node extends TreeNode>(
  tree: Pick<FileTree<Node>, 'get'>,
  path: string,
): Generator<Node> {
  let way = path
  for (let links = 0; links <= linkLimit; links++) {
    const end = lookUp(tree, way, { followLast: false })
    const node = end.outcome === 'found' ? tree.get(end.path) : undefined
    if (node === undefined) return
    yield node
    const target = targetOf(node)
    if (target === undefined) return
    way = target.startsWith('/') ? target : pathIn(parentOf(node.path), target)
  }
}

function targetOf(place: Pick<TreeNode, 'type' | 'target'>): string | undefined {
  return place.type === 'symlink' ? (place.target ?? '') : undefined
}
