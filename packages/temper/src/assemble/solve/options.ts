import type { InstallOnlyRule } from '../../model/install-only.ts'
import type { MatchRules } from './match.ts'

export interface SolveOptions extends MatchRules {
  /** Suites that are used only when pinned or when nothing else will do, such as backports. */
  readonly optionalSuites?: readonly string[]
  /** Which suite or repository to name when the same version is in several: the first listed wins. */
  readonly preferSuites?: readonly string[]
  /** Versions to keep when they still fit, by name: from an earlier lock. */
  readonly keepVersions?: ReadonlyMap<string, string>
  /**
   * The same judgement that pruning uses: a dependency that is left out of the image anyway may be fulfilled
   * by a package that the recipe excludes.
   */
  readonly installOnly?: InstallOnlyRule
  /** Most choices and conflicts before the search gives up. */
  readonly stepLimit?: number
}

export const defaultStepLimit = 50_000
