import type { Digest } from '../../base/digest.ts'
import type { FileRequest } from './file-request.ts'

/** Whose lock file it is. */
export type DependencyKind = 'python' | 'npm' | 'maven'

/** An application's packages of one language, as its own lock file has them. */
export interface DependencyRequest {
  readonly kind: DependencyKind
  /** The lock file; its path in the image does not count. */
  readonly lockFile: FileRequest
  /** What the project itself asks for, where the lock file does not say: package.json beside yarn.lock; or the digests. */
  readonly manifest?: FileRequest
  /** Which of several projects that share the lock file: its folder below that of the lock file. */
  readonly project?: string
  /** Folder in the image, leading slash. Absent: where the image's Python looks for modules. */
  readonly into?: string
  /** Its programs and libraries come without what only debuggers read. Absent: as they are. */
  readonly strip?: true
}

/** The files that a request reads. */
export function dependencySources({ lockFile, manifest }: DependencyRequest): readonly FileRequest[] {
  return manifest === undefined ? [lockFile] : [lockFile, manifest]
}

/** One package that a lock file asks for, as a file that was fetched. */
export interface LockedDependency {
  readonly kind: DependencyKind
  /** The lock file, as the recipe writes it. */
  readonly lockFile: string
  readonly name: string
  readonly version: string
  /** Name of the file, which says what it is for: "numpy-2.3.5-cp313-cp313-manylinux_2_27_x86_64.whl". */
  readonly file: string
  /** Where it goes below the folder; absent: the file says. */
  readonly place?: string
  /** Links below the folder that lead to `place`: by them others find it. */
  readonly links?: readonly string[]
  readonly url: string
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
}

/** What is asked for, before it is known where it can be had. */
export interface WantedPackage {
  readonly name: string
  readonly version: string
  /** Digests of which one has to hold: "sha256:<hex>", "sha512:<hex>". */
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
