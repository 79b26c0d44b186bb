import type { MatchRules } from './match.ts'

export interface SolveOptions extends MatchRules {
  /** Suites that are used only when pinned or when nothing else will do, such as backports. */
  readonly optionalSuites?: readonly string[]
  /** Which suite or repository to name when the same version is in several: the first listed wins. */
  readonly preferSuites?: readonly string[]
  /** Versions to keep when they still fit, by name: from an earlier lock. */
  readonly keepVersions?: ReadonlyMap<string, string>
  /**
   * Names that pruning leaves out anyway: excluding one of them does not stop the solver from choosing it,
   * since it never reaches the image.
   */
  readonly prunable?: (name: string) => boolean
  /** Most choices and conflicts before the search gives up. */
  readonly stepLimit?: number
}

export const defaultStepLimit = 50_000
