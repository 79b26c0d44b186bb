import type { Digest } from '../../base/digest.ts'
import type { FileRequest } from './file-request.ts'

/** All kinds of lock files. */
export const dependencyKinds = ['python', 'npm', 'maven', 'composer', 'gem'] as const

/** The kind of a lock file: the tool that made it. */
export type DependencyKind = (typeof dependencyKinds)[number]

/** The packages of an application in one language, as its own lock file lists them. */
export interface DependencyRequest {
  readonly kind: DependencyKind
  /** The lock file; its path in the image does not count. */
  readonly lockFile: FileRequest
  /**
   * The project's own requirements, or the digests, where the lock file does not have them: package.json beside
   * yarn.lock, composer.json beside composer.lock.
   */
  readonly manifest?: FileRequest
  /** Which of several projects that share the lock file: its folder below that of the lock file. */
  readonly project?: string
  /** Folder in the image, leading slash. Absent: where the image's Python looks for modules. */
  readonly into?: string
  /** Whether debugging data is removed from its programs and libraries. Absent: they stay as they are. */
  readonly strip?: true
  /**
   * Whether it has what the lock file lists for development, too, and is for build steps alone: nothing of it enters the
   * image. Absent: it is what the image gets.
   */
  readonly dev?: true
}

/** The files that a request reads. */
export function dependencySources({ lockFile, manifest }: DependencyRequest): readonly FileRequest[] {
  return manifest === undefined ? [lockFile] : [lockFile, manifest]
}

/** One package of a lock file, as a fetched file. */
export interface LockedDependency {
  readonly kind: DependencyKind
  /** The lock file, as the recipe writes it. */
  readonly lockFile: string
  readonly name: string
  readonly version: string
  /** Name of the file, which says what it is for: "numpy-2.3.5-cp313-cp313-manylinux_2_27_x86_64.whl". */
  readonly file: string
  /** Where it goes below the folder; absent when the file itself decides. */
  readonly place?: string
  /** Links below the folder that lead to `place`, through which others find it. */
  readonly links?: readonly string[]
  readonly url: string
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
  /** Whether it belongs to a request with `dev`. */
  readonly dev?: true
}

/** A package that is asked for, before it is known where to fetch it. */
export interface WantedPackage {
  readonly name: string
  readonly version: string
  /** Digests, one of which has to match: "sha256:<hex>", "sha512:<hex>". */
  readonly hashes: readonly string[]
  /** Files that the lock file names, with their addresses where it does. */
  readonly files: readonly { readonly name: string; readonly url?: string; readonly hash?: string }[]
  readonly place?: string
  /** For errors: "requirements.txt:3". */
  readonly where: string
}

/** An object that a dependency puts into the image. */
export interface InstalledFile {
  /** Leading slash. */
  readonly path: string
  readonly mode: number
  readonly content: Uint8Array
  /** What it points to: it is a link. */
  readonly target?: string
}
