import type { FileTree } from '../tree/file-tree.ts'
import type { IndexedPackage, Package } from './package.ts'
import type { PackageContent } from './package-content.ts'

/** A package that an image says it has. Its origin is no repository: where it came from is not known. */
export interface SystemPackage {
  /** `digest` is that of what the database says of it. */
  readonly package: IndexedPackage
  /** Paths of its files and links (no leading slash, links of folders not followed); folders where they are listed. */
  readonly files: readonly string[]
  /**
   * Configuration files that a person may have changed: path → checksum of what the package brought, as
   * "md5:…" or "sha1:…" in hex.
   */
  readonly conffiles: ReadonlyMap<string, string>
  /** What else the distribution's own database reads of it: nobody else looks in. */
  readonly own: unknown
}

/** What is in the database of an image. */
export interface InstalledState {
  readonly packages: readonly SystemPackage[]
  /** What the database has and cannot be read, for people: each one line. */
  readonly unread: readonly string[]
}

/** What becomes of the database. Paths without leading slash. */
export interface DatabaseChanges {
  /** `mode`: default 0644. */
  readonly put: readonly { readonly path: string; readonly content: Uint8Array; readonly mode?: number }[]
  readonly remove: readonly string[]
}

/** What the tree has by now, so that the database can say so. */
export interface DatabaseRequest {
  /** The finished tree, but for the database itself. */
  readonly root: FileTree
  /** The tree that the database was read from. */
  readonly before: FileTree
  /** What stays installed, in its order there. */
  readonly kept: readonly SystemPackage[]
}

/** The archive of a package that is installed, or takes the place of one that is. */
export interface InstallRequest {
  readonly package: Package
  readonly content: PackageContent
  /** Where its archive lies. */
  readonly archive: string
  /** What it takes the place of. */
  readonly previous?: SystemPackage
}

/** Files that the package manager would not unpack, or would unpack elsewhere, on this very system. */
export interface UnpackSettings {
  /** Undefined: the path is left out; else where it goes. Paths as packages write them, no leading slash. */
  place(path: string, owner: string): string | undefined
  /** Attributes that an administrator has fixed for a path. */
  attributes(
    path: string,
  ): { readonly mode?: number; readonly user?: string; readonly group?: string } | undefined
}

/** How the package manager of a distribution remembers what is installed, in images that anybody built. */
export interface InstalledDatabase {
  /** Whether the content of the file at this path is needed. */
  reads(path: string): boolean
  /** Undefined when the tree has no such database. Errors: `bad-image` for one that is damaged, `limit-exceeded`. */
  read(root: FileTree): InstalledState | undefined
  /** Whether the file at this path is part of the database itself: nothing else touches it. */
  owns(path: string): boolean
  /** What only scanners read is all that is left where the package manager itself is gone. */
  write(request: DatabaseRequest): DatabaseChanges
  /**
   * What the database would hold of a package once it is installed. Reads its archive whole. `xzProgram`: absolute path of
   * the host's. Errors: `bad-archive`.
   */
  install(request: InstallRequest, host: { readonly xzProgram?: string }): Promise<SystemPackage>
  /** What the settings of the package manager in the tree say of unpacking. */
  unpackSettings(root: FileTree): UnpackSettings
}
