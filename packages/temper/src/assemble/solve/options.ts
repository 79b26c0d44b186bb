import type { PackageRules } from '../../model/package/package-rules.ts'
import type { Architecture } from '../../model/platform.ts'

export interface SolveOptions {
  /** Architecture of the image. */
  readonly architecture: Architecture
  /**
   * What versions and relations mean in the distribution. `installOnly` is the same judgement that pruning uses: a
   * dependency that is left out of the image anyway may be satisfied by a package that the recipe excludes. Without
   * it nothing is left out.
   */
  readonly rules: Omit<PackageRules, 'installOnly'> & Partial<Pick<PackageRules, 'installOnly'>>
  /** Which suite or repository to name when the same version is in several: the first listed wins. */
  readonly preferSuites?: readonly string[]
  /** Versions from an earlier lock, by name, to be kept while they still fit. */
  readonly keepVersions?: ReadonlyMap<string, string>
  /** Limit on choices and conflicts before the search gives up. */
  readonly stepLimit?: number
}

export const defaultStepLimit = 50_000
