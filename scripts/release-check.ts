import { compareVersions } from '../packages/temper/src/formats/version/compare.ts'
import { isReleaseVersion, type Revisions } from '../packages/temper/src/model/revision.ts'

/** Throws unless `version` is a semantic version above `before`. */
export function checkVersion(version: string, before: string): void {
  if (!isReleaseVersion(version)) throw new Error(`expected a version such as 0.2.0, found "${version}"`)
  if (compareVersions('semver', version, before) <= 0)
    throw new Error(`${version} is not above ${before}, the version before`)
}

/** Every revision before the current one names the last version that had it, none above the version before. */
export function checkRevisions({ current, ended }: Revisions, before: string): void {
  const wanted = Array.from({ length: current - 1 }, (_, index) => index + 1)
  const named = ended.map(({ revision }) => revision)
  if (JSON.stringify(named) !== JSON.stringify(wanted))
    throw new Error(
      `model/revision.ts: expected the revisions ${wanted.join(', ')} to have ended, found ${named.join(', ')}`,
    )
  for (const { revision, lastVersion } of ended) {
    if (!isReleaseVersion(lastVersion) || compareVersions('semver', lastVersion, before) > 0)
      throw new Error(
        `model/revision.ts: revision ${revision} ended with ${lastVersion}, which was not released`,
      )
  }
}
