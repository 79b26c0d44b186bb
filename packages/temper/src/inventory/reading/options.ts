import type { Digest } from '../../base/digest.ts'
import type { Progress } from '../../base/progress.ts'
import type { Cataloguer, FileObserver } from '../cataloguer.ts'
import type { InventoryLimits } from './limits.ts'

export interface InventoryOptions {
  /** Folder of its own for what is known of layers, kept between runs. Absent: nothing is kept. */
  readonly cacheDir?: string
  /** Distinguishes this program from others of the same version, whose readings of layers are not used. */
  readonly program?: string
  /** Default: all of Temper's cataloguers. */
  readonly cataloguers?: readonly Cataloguer<unknown>[]
  /** Observers that see the files in the same pass. */
  readonly observers?: readonly FileObserver<unknown>[]
  /** Whether files get a SHA-1 too, as SPDX 2.3 demands. Default false. */
  readonly sha1?: boolean
  /** Diff ids of the base image's layers, lowest first, where somebody knows them. */
  readonly baseLayers?: readonly Digest[]
  readonly limits?: Partial<InventoryLimits>
  readonly progress?: Progress
  readonly signal?: AbortSignal
}
