import { compareDebianVersions } from '../../../formats/version/dpkg.ts'
import type { Package } from '../../../model/package/package.ts'
import { type Candidate, packageRules } from '../../../model/package/package-rules.ts'
import { debianInstallOnly } from './install-only.ts'

/**
 * What relations between Debian packages mean (Debian Policy 7; the multiarch specification: `:any` needs Multi-Arch
 * allowed or foreign). Packages from backports are taken only on request, as in apt.
 */
export const debianRules = packageRules({
  compareVersions: compareDebianVersions,
  fitsArchitecture: hasArchitecture,
  installOnly: debianInstallOnly,
  isOptionalSuite: (suite) => suite.includes('-backports'),
  qualifierFits(candidate, qualifier, architecture) {
    if (qualifier === undefined || qualifier === 'native') return true
    if (qualifier === 'any') return candidate.multiArch === 'allowed' || candidate.multiArch === 'foreign'
    return isNamed(candidate, qualifier, architecture)
  },
  conflictApplies: (other, qualifier, architecture) =>
    qualifier === undefined || qualifier === 'any' || qualifier === 'native'
      ? true
      : isNamed(other, qualifier, architecture),
})

/** Packages for all architectures count as packages of the image's own. */
function isNamed(candidate: Candidate, named: string, architecture: string): boolean {
  return candidate.architecture === named || (candidate.architecture === 'all' && named === architecture)
}

function hasArchitecture(candidate: Pick<Package, 'architecture'>, architecture: string): boolean {
  return candidate.architecture === architecture || candidate.architecture === 'all'
}
