import type { VersionOrder } from './order.ts'
import { compareSemantic, parseSemantic, type SemanticVersion } from './semver.ts'

/**
 * NuGet: Semantic Versioning with a fourth number, and pre-releases compared without regard to case (NuGet docs,
 * "Package versioning").
 */
export const nugetOrder: VersionOrder<SemanticVersion> = {
  parse: (text) => parseSemantic(text.toLowerCase()),
  compare: compareSemantic,
  isVersion: ({ core }) => core.length > 0,
}
