import { hardeningRules } from '../hardening/rules.ts'
import { binaryRules } from './binaries/rules.ts'
import { claimRules } from './claims/rules.ts'
import { configurationRules } from './configuration/rules.ts'
import { contentRules } from './contents/rules.ts'
import { cryptoRules } from './crypto/rules.ts'
import { environmentRules } from './environment/rules.ts'
import { freshnessRules } from './freshness/rules.ts'
import { historyRules } from './history/rules.ts'
import { identityRules } from './identity/rules.ts'
import { leftoverRules } from './leftovers/rules.ts'
import { permissionRules } from './permissions/rules.ts'
import { provenanceRules } from './provenance/rules.ts'
import type { ImageRule } from './rule.ts'
import { secretRules } from './secrets/rules.ts'
import { surfaceRules } from './surface/rules.ts'
import { vulnerabilityRules } from './vulnerabilities/rules.ts'

/** Every rule over images, in the order of reports: first those that also hold while building. */
export const imageRules: readonly ImageRule[] = [
  ...hardeningRules,
  ...surfaceRules,
  ...identityRules,
  ...permissionRules,
  ...secretRules,
  ...contentRules,
  ...leftoverRules,
  ...configurationRules,
  ...environmentRules,
  ...cryptoRules,
  ...binaryRules,
  ...vulnerabilityRules,
  ...freshnessRules,
  ...provenanceRules,
  ...historyRules,
  ...claimRules,
]
