import type { Digest } from '../../base/digest.ts'
import type { PackageEntry } from '../package/package-content.ts'

/** Who put a node into the tree. */
export type NodeOrigin =
  | { readonly kind: 'package'; readonly package: string /** Path in the archive. */; readonly path: string }
  /** The package database's record of a package. */
  | { readonly kind: 'database'; readonly package: string }
  /** A layer of the base image; `package` is the base's package that has the path. */
  | { readonly kind: 'base'; readonly package?: string }
  | { readonly kind: 'effect'; readonly effect: string }
  /**
   * `dependency` is the application package that it belongs to, which somebody else made, as for packages of a
   * distribution.
   */
  | { readonly kind: 'recipe'; readonly dependency?: string }

/** A layer of an image, as nodes refer to it. */
export interface TreeLayer {
  /** Position of the layer; the lowest is 0. */
  readonly index: number
  readonly diffId: Digest
}

/** One object of a tree of files. */
export interface TreeNode extends PackageEntry {
  /** Bytes of a file, if the maker of the tree kept them. */
  readonly content?: Uint8Array
  /** Absent in the tree of an image or folder that somebody else may have made. */
  readonly origin?: NodeOrigin
  /** The layer that put it there, in the tree of an image. */
  readonly layer?: TreeLayer
}

/**
 * A tree of files: one that is being built, the layers of an image laid over each other, or a folder on disk. Paths
 * have no leading slash; the root is "" and has no node.
 */
export interface FileTree<Node extends TreeNode = TreeNode> {
  /** The object at exactly this path; no link is followed. */
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
