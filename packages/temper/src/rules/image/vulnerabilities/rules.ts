import type { ImageRule } from '../rule.ts'
import { criticalVulnerability } from './critical-vulnerability.ts'
import { fixableVulnerability } from './fixable-vulnerability.ts'
import { knownExploited } from './known-exploited.ts'
import { likelyExploited } from './likely-exploited.ts'
import { maliciousPackage } from './malicious-package.ts'
import { notCompared } from './not-compared.ts'
import { oldAdvisories } from './old-advisories.ts'
import { overdueFix } from './overdue-fix.ts'
import { partlyCompared } from './partly-compared.ts'
import { unfixedVulnerability } from './unfixed-vulnerability.ts'

/** Rules about what advisories say about the packages; each finding breaks at most one of them. */
export const vulnerabilityRules: readonly ImageRule[] = [
  maliciousPackage,
  knownExploited,
  overdueFix,
  criticalVulnerability,
  likelyExploited,
  fixableVulnerability,
  unfixedVulnerability,
  notCompared,
  partlyCompared,
  oldAdvisories,
]
