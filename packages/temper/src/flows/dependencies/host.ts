import type { LockedPackage } from '../../model/lock.ts'
import type { Platform } from '../../model/platform.ts'
import type { DependencyRequest } from '../../model/recipe-parts/dependency.ts'

/** The image that dependencies are for, whose packages include their runtime. */
export interface DependencyHost {
  readonly platform: Platform
  readonly packages: readonly Pick<LockedPackage, 'name' | 'version'>[]
  /** Packages that its build steps run over, for what only they get. Absent: the same. */
  readonly stepPackages?: readonly Pick<LockedPackage, 'name' | 'version'>[]
}

/** One lock file, whose packages are to be chosen. */
export interface DependencyChoice {
  readonly request: DependencyRequest
  readonly text: string
  /** Text of the project's own file, if the request names one. */
  readonly manifestText?: string
  readonly host: DependencyHost
  /** Whether the recipe itself puts something at a path of the image (leading slash), or below it. */
  readonly isGiven?: (path: string) => boolean
}

/** Number of files fetched at the same time. */
export const concurrency = 4
