import { apkOrder, apkVersionBegins } from '../../../formats/version/apk.ts'
import { type PackageRules, packageRules } from '../../../model/package/package-rules.ts'
import { apkArchitectures } from '../releases.ts'
import { alpineInstallOnly } from './install-only.ts'
import { soleProvider } from './requirement.ts'

const compareVersions = (a: string, b: string) => apkOrder.compare(apkOrder.parse(a), apkOrder.parse(b))

const shared = packageRules({
  compareVersions,
  versionBegins: apkVersionBegins,
  fitsArchitecture: ({ architecture: own }, architecture) =>
    own === apkArchitectures[architecture] || own === 'noarch' || own === 'all',
  installOnly: alpineInstallOnly,
  isOptionalSuite: (suite) => suite.startsWith('@'),
})

/** What relations between packages of apk mean (apk-world(5), apk-package(5)). */
export const alpineRules: PackageRules = {
  ...shared,
  forbids(claim, other, architecture) {
    const { owner, requirement } = claim
    if (requirement.qualifier !== soleProvider) return shared.forbids(claim, other, architecture)
    if (other.name === owner.name) return false
    return (
      other.name === requirement.name ||
      other.provides.some(({ name, version }) => name === requirement.name && version !== undefined)
    )
  },
}
