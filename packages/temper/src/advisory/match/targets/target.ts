import type { VersionScheme } from '../../../model/version-scheme.ts'

/** One name and version under which advisories may list a component. */
export interface MatchTarget {
  /** "Debian:12", "PyPI". */
  readonly ecosystem: string
  readonly name: string
  readonly version: string
  readonly scheme: VersionScheme
  /**
   * "fallback" counts only for problems that no other list of the package has. "branch" is a separate branch: what it
   * calls fixed is fixed, whatever the others say.
   */
  readonly list?: 'fallback' | 'branch'
  /**
   * A release such as "9.4" when it is not known whether the package belongs to one of its extended streams, whose
   * own list would decide.
   */
  readonly undecided?: string
  /** What the name is, for the reason: "source package"; absent when it is the component's own. */
  readonly role?: string
  /** The version as the reason states it, if that is more than the version itself. */
  readonly shown?: string
  /** The possible versions, if what is installed is not one certain version. `version` is the lowest of them. */
  readonly among?: VersionSpan
  /** A stated version, which can show a problem, but never that there is none. */
  readonly told?: Pick<MatchTarget, 'version' | 'shown' | 'among'> & {
    /** The statement as it is written. */
    readonly said: string
  }
}

/** A range of consecutive versions. */
export interface VersionSpan {
  /** Included; absent: from the first on. */
  readonly from?: string
  /** Not included; absent: without end. */
  readonly below?: string
}
