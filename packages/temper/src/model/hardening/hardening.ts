import type { FileEntry, PackageEntry } from '../package/package-content.ts'
import type { RelaxableRule } from '../recipe.ts'
import type { RootNode, RootView } from '../root.ts'

/** Why an entry stays out of an image. */
export interface Exclusion {
  /** The reason in one or two fixed words, by which reports count. */
  readonly reason: string
  /** The rule that the entry would break; absent when it has no meaning in the image at all. */
  readonly rule?: RelaxableRule
  /** Whether relaxing the rule lets the entry in. */
  readonly relaxable: boolean
}

/** The exclusion of a script that nothing in the image can run. */
export const noInterpreter: Exclusion = {
  reason: 'no interpreter',
  rule: 'missing-interpreter',
  relaxable: false,
}

/** What a hardened image changes or leaves out of packages. Paths are those in the image (usr-merge done). */
export interface Hardening {
  /**
   * Why an entry never enters the image; undefined when it does. Depends on the entry alone, so that a package's part of a
   * layer can be kept.
   * `hasInterpreter` says whether a program (absolute path) will be in the image; true when that is not known.
   */
  exclusionOf(entry: PackageEntry, hasInterpreter: (path: string) => boolean): Exclusion | undefined
  /**
   * Why something in a tree is of no use, given everything else in it; undefined when it is needed. Absent when
   * nothing is left out for this reason.
   */
  unneededIn?(root: RootView): ((node: RootNode) => Exclusion | undefined) | undefined
  /** The permission bits that the entry has in the image. */
  hardenedMode(entry: FileEntry): number
  /** The user id that owns the entry in an image that runs as `user`. Not called for paths that the recipe declares. */
  hardenedOwner(entry: FileEntry, user: { readonly uid: number }): number
}
