import { compareNumbers, type Order, type VersionOrder } from './order.ts'
import { comparePrereleases, compareSemantic, parseSemantic, type SemanticVersion } from './semver.ts'

/** A version of a Dart package. */
export interface PubVersion {
  readonly version: SemanticVersion
  /** Identifiers behind the "+". */
  readonly build: readonly string[]
}

/**
 * Versions of Dart's packages (pub.dev/packages/pub_semver, "Semantics"): as Semantic Versioning, but what stands behind a
 * "+" counts, since authors repair with it: 1.0.0 is below 1.0.0+1, that below 1.0.0+2.
 */
export const pubOrder: VersionOrder<PubVersion> = {
  parse: (text) => {
    const plus = text.indexOf('+')
    const build = plus < 0 ? '' : text.slice(plus + 1).trim()
    return { version: parseSemantic(text), build: build === '' ? [] : build.split('.') }
  },
  compare: (a, b) => compareSemantic(a.version, b.version) || compareBuilds(a.build, b.build),
  isVersion: ({ version }) => version.core.length > 0,
}

function compareBuilds(a: readonly string[], b: readonly string[]): Order {
  if (a.length === 0 || b.length === 0) return compareNumbers(a.length, b.length)
  return comparePrereleases(a, b)
}
