import type { Digest } from '../../base/digest.ts'
import type { PackageEntry } from '../package/package-content.ts'

/** Who put a node into the tree. */
export type NodeOrigin =
  | { readonly kind: 'package'; readonly package: string /** Path in the archive. */; readonly path: string }
  /** The package database's record of a package. */
  | { readonly kind: 'database'; readonly package: string }
  /** A layer of the image that this one begins with; `package`: which of its packages has the path. */
  | { readonly kind: 'base'; readonly package?: string }
  | { readonly kind: 'effect'; readonly effect: string }
  /** `dependency`: the application's package that it is of, which is somebody else's, as those of a distribution are. */
  | { readonly kind: 'recipe'; readonly dependency?: string }

/** A layer of an image, as nodes name it. */
export interface TreeLayer {
  /** Position, the lowest is 0. */
  readonly index: number
  readonly diffId: Digest
}

/** One object of a tree of files. */
export interface TreeNode extends PackageEntry {
  /** Bytes of a file, where whoever made the tree kept them. */
  readonly content?: Uint8Array
  /** Absent in the tree of an image or folder that somebody else may have made. */
  readonly origin?: NodeOrigin
  /** The layer that put it there, in the tree of an image. */
  readonly layer?: TreeLayer
}

/**
 * A tree of files that somebody looks at: one that is being built, the layers of an image laid over each other, a
 * folder on a disk. Paths have no leading slash; the root is "" and no node.
 */
export interface FileTree<Node extends TreeNode = TreeNode> {
  /** The object at this very path; no link is followed. */
  get(path: string): Node | undefined
  /**
   * What a path leads to, links followed as the kernel does it; undefined when that is nothing, the root, or a circle
   * of links. `lookUp` tells these apart.
   */
  resolve(path: string): Node | undefined
  /** Names in a folder (not its path), sorted. */
  list(path: string): readonly string[]
  /** Sorted by path. */
  nodes(): Iterable<Node>
}
