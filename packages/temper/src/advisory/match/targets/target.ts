import type { VersionScheme } from '../../../model/version-scheme.ts'

/** One name and version under which advisories may speak of a component. */
export interface MatchTarget {
  /** "Debian:12", "PyPI". */
  readonly ecosystem: string
  readonly name: string
  readonly version: string
  readonly scheme: VersionScheme
  /**
   * "fallback": counts only for problems that no other list of the package speaks of. "branch": a branch of its own;
   * what it calls repaired is, whatever the others say.
   */
  readonly list?: 'fallback' | 'branch'
  /** "9.4": nothing says whether it is of an extended stream of that release, whose own list would decide. */
  readonly undecided?: string
  /** What the name is, for the reason: "source package", or nothing when it is the component's own. */
  readonly role?: string
  /** How the reason says the version, where that is more than the version itself. */
  readonly shown?: string
  /** Where what is installed is no single version: the versions that it may be. `version` is the lowest of them. */
  readonly among?: VersionSpan
  /** What somebody says that the version is, which can show a problem, and never that there is none. */
  readonly told?: Pick<MatchTarget, 'version' | 'shown' | 'among'> & {
    /** As it is said. */
    readonly said: string
  }
}

/** Versions next to each other. */
export interface VersionSpan {
  /** Included; absent: from the first on. */
  readonly from?: string
  /** Not included; absent: without end. */
  readonly below?: string
}
