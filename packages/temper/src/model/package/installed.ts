import type { FileTree } from '../tree/file-tree.ts'
import type { IndexedPackage, Package } from './package.ts'
import type { PackageContent } from './package-content.ts'

/** A package that an image says it has. Its repository is not known. */
export interface SystemPackage {
  /** The package; its `digest` is over what the database says about it. */
  readonly package: IndexedPackage
  /** Paths of its files and links (no leading slash, links of folders not followed); folders where they are listed. */
  readonly files: readonly string[]
  /**
   * Configuration files that a person may have changed: path → checksum of what the package brought, as
   * "md5:…" or "sha1:…" in hex.
   */
  readonly conffiles: ReadonlyMap<string, string>
  /** Further data for the distribution's own code only. */
  readonly own: unknown
}

/** The content of an image's package database. */
export interface InstalledState {
  readonly packages: readonly SystemPackage[]
  /** Unreadable parts of the database, for people, one line each. */
  readonly unread: readonly string[]
}

/** Changes to the files of the database. Paths have no leading slash. */
export interface DatabaseChanges {
  /** `mode`: default 0644. */
  readonly put: readonly { readonly path: string; readonly content: Uint8Array; readonly mode?: number }[]
  readonly remove: readonly string[]
}

/** The finished tree, for which the database is written. */
export interface DatabaseRequest {
  /** The finished tree without the new database. */
  readonly root: FileTree
  /** The tree that the database was read from. */
  readonly before: FileTree
  /** Packages that stay installed, in the order of the database. */
  readonly kept: readonly SystemPackage[]
}

/** The archive of a package that is to be installed, or that replaces an installed one. */
export interface InstallRequest {
  readonly package: Package
  readonly content: PackageContent
  /** Where its archive lies. */
  readonly archive: string
  /** The package that it replaces. */
  readonly previous?: SystemPackage
}

/** Files that the package manager of this system would not unpack, or would unpack elsewhere. */
export interface UnpackSettings {
  /**
   * Where a path is unpacked; undefined when it is left out. Paths are as packages write them, without leading slash.
   */
  place(path: string, owner: string): string | undefined
  /** Attributes that an administrator has fixed for a path. */
  attributes(
    path: string,
  ): { readonly mode?: number; readonly user?: string; readonly group?: string } | undefined
}

/**
 * The database in which the package manager of a distribution records what is installed, in images that anybody
 * built.
 */
export interface InstalledDatabase {
  /** Whether the content of the file at this path is needed. */
  reads(path: string): boolean
  /** Undefined when the tree has no such database. Errors: `bad-image` for one that is damaged, `limit-exceeded`. */
  read(root: FileTree): InstalledState | undefined
  /** Whether the file at this path is part of the database, so that nothing else may change it. */
  owns(path: string): boolean
  /** Writes the database. When the package manager itself was removed, only what scanners read is kept. */
  write(request: DatabaseRequest): DatabaseChanges
  /**
   * What the database would hold of a package once it is installed. Reads its archive whole. `xzProgram`: absolute path of
   * the host's. Errors: `bad-archive`.
   */
  install(request: InstallRequest, host: { readonly xzProgram?: string }): Promise<SystemPackage>
  /** What the package manager's settings in the tree say about unpacking. */
  unpackSettings(root: FileTree): UnpackSettings
}
