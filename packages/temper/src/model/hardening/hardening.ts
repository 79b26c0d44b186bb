import type { FileEntry, PackageEntry } from '../package-content.ts'

/**
 * What a hardened image does not take of packages as they are. Paths are those in the image (usr-merge done).
 * Answers depend on the entry alone, so that a package's part of a layer can be kept.
 */
export interface Hardening {
  /**
   * Why an entry never enters the image, as a short stable phrase for reports; undefined when it does.
   * `hasInterpreter` says whether a program (absolute path) will be in the image; true when that is not known.
   */
  stripReason(entry: PackageEntry, hasInterpreter: (path: string) => boolean): string | undefined
  /** The permission bits that the entry has in the image. */
  hardenedMode(entry: FileEntry): number
}
