import { apkOrder, apkVersionBegins } from '../../../formats/version/apk.ts'
import { type Candidate, type PackageRules, packageRules } from '../../../model/package/package-rules.ts'
import { apkArchitectures } from '../release.ts'
import { soleProvider } from './requirement.ts'

const compareVersions = (a: string, b: string) => apkOrder.compare(apkOrder.parse(a), apkOrder.parse(b))

/**
 * What relations between packages of apk mean (apk-world(5), apk-package(5)), and what a distribution says about its
 * packages.
 */
export function apkRules(installOnly: PackageRules['installOnly']): PackageRules {
  const shared = packageRules({
    compareVersions,
    versionBegins: apkVersionBegins,
    // No version is lower than any (apk-tools, src/package.c, apk_dep_is_provided).
    versionlessFits: ({ relation }) => relation === '<<' || relation === '<=',
    fitsArchitecture: ({ architecture: own }, architecture) =>
      own === apkArchitectures[architecture] || own === 'noarch' || own === 'all',
    installOnly,
    isOptionalSuite: isPinned,
    isClosedSuite: isPinned,
  })

  return {
    ...shared,
    /** The one that provides the name in the highest version (apk-tools, src/solver.c, compare_providers). */
    compareProviders(name, a, b) {
      const [x, y] = [providedVersion(a, name), providedVersion(b, name)]
      if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined)
      return compareVersions(y, x)
    },
    formatRequirement: ({ name, relation, version }) =>
      relation === undefined ? name : `${name}${relation.replace(/^(.)\1$/, '$1')}${version}`,
    describeConflict: ({ name, qualifier }, other) =>
      qualifier === soleProvider
        ? `provides ${name}, which only one package can, and ${other.name} does`
        : undefined,
    forbids(claim, other, architecture) {
      const { owner, requirement } = claim
      if (requirement.qualifier !== soleProvider) return shared.forbids(claim, other, architecture)
      if (other.name === owner.name) return false
      if (other.name === requirement.name) return true
      return other.provides.some(
        ({ name, version }) =>
          name === requirement.name && (version !== undefined || requirement.version !== undefined),
      )
    },
  }
}

/** Repositories with a tag (apk-repositories(5)). */
function isPinned(suite: string): boolean {
  return suite.startsWith('@')
}

function providedVersion({ provides }: Pick<Candidate, 'provides'>, name: string): string | undefined {
  return provides.find((provided) => provided.name === name)?.version
}
