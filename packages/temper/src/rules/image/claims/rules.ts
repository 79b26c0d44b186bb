import type { ImageRule } from '../rule.ts'
import { claimedBase } from './claimed-base.ts'
import { claimedDate } from './claimed-date.ts'
import { claimedLicence } from './claimed-licence.ts'
import { claimedSupport } from './claimed-support.ts'
import { claimedVersion } from './claimed-version.ts'
import { contradiction } from './contradiction.ts'
import { foreignArchitecture } from './foreign-architecture.ts'

/** About whether what an image says of itself is so. */
export const claimRules: readonly ImageRule[] = [
  claimedVersion,
  claimedBase,
  claimedDate,
  claimedSupport,
  claimedLicence,
  contradiction,
  foreignArchitecture,
]
