import type { ImageRule } from '../rule.ts'
import { behindArchive } from './behind-archive.ts'
import { buildDate } from './build-date.ts'
import { endOfLife } from './end-of-life.ts'
import { expired } from './expired.ts'
import { oldBase } from './old-base.ts'
import { oldBuild } from './old-build.ts'
import { oldRuntime } from './old-runtime.ts'
import { rollingBase } from './rolling-base.ts'

/** Rules about how old an image is, and how old its parts are. */
export const freshnessRules: readonly ImageRule[] = [
  endOfLife,
  oldRuntime,
  oldBuild,
  oldBase,
  rollingBase,
  buildDate,
  behindArchive,
  expired,
]
