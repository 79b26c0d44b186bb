import type { ImageRule } from '../rule.ts'
import { claimedBase } from './claimed-base.ts'
import { claimedDate } from './claimed-date.ts'
import { claimedLicence } from './claimed-licence.ts'
import { claimedSupport } from './claimed-support.ts'
import { claimedVersion } from './claimed-version.ts'
import { contradiction } from './contradiction.ts'
import { foreignArchitecture } from './foreign-architecture.ts'

/** Rules about whether what an image says about itself is true. */
export const claimRules: readonly ImageRule[] = [
  claimedVersion,
  claimedBase,
  claimedDate,
  claimedSupport,
  claimedLicence,
  contradiction,
  foreignArchitecture,
]
