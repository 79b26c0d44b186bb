import type { FileEntry, PackageEntry } from './package-content.ts'

/** Who put a node into the tree. */
export type NodeOrigin =
  | { readonly kind: 'package'; readonly package: string /** Path in the archive. */; readonly path: string }
  /** The package database's record of a package. */
  | { readonly kind: 'database'; readonly package: string }
  | { readonly kind: 'effect'; readonly effect: string }
  | { readonly kind: 'recipe' }

/** One object of the finished tree. */
export interface RootNode extends PackageEntry {
  readonly origin: NodeOrigin
  /** Bytes of files that no package brings. Package files stay in their archives. */
  readonly content?: Uint8Array
}

/** The virtual root file system, read side. Nothing of it lies on a disk. */
export interface RootView {
  get(path: string): RootNode | undefined
  /**
   * Follows symlinks in every component, absolute ones from the root; undefined when something is
   * missing or more than 40 links are followed (as the kernel does).
   */
  resolve(path: string): RootNode | undefined
  /** Names in a folder (not its path), sorted. */
  list(path: string): readonly string[]
  /** Sorted by path. */
  nodes(): Iterable<RootNode>
}

/** One change that an effect or a recipe makes to the tree. Parents are made as needed (0755, root). */
export type RootChange =
  | { readonly kind: 'put'; readonly entry: FileEntry; readonly content?: Uint8Array }
  | { readonly kind: 'remove'; readonly path: string }
  | {
      readonly kind: 'attributes'
      readonly path: string
      readonly mode?: number
      readonly uid?: number
      readonly gid?: number
      readonly recursive?: boolean
    }
  | { readonly kind: 'move'; readonly from: string; readonly to: string }
