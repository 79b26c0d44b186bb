import type { LockedPackage } from '../../model/lock.ts'
import type { Platform } from '../../model/platform.ts'
import type { DependencyRequest } from '../../model/recipe-parts/dependency.ts'

/** The image that dependencies are for: what runs them is among its packages. */
export interface DependencyHost {
  readonly platform: Platform
  readonly packages: readonly Pick<LockedPackage, 'name' | 'version'>[]
}

/** One lock file, whose packages are to be chosen. */
export interface DependencyChoice {
  readonly request: DependencyRequest
  readonly text: string
  /** Of the project's own file, where the request names one. */
  readonly manifestText?: string
  readonly host: DependencyHost
}

/** Files fetched at once. */
export const concurrency = 4
