import type { PackageUrl } from '../../../formats/purl/purl.ts'
import type { Claim } from './claim.ts'

/**
 * Whether it is an action of the repository itself ("./.github/actions/own"), which Syft lists although it is nobody
 * else's software.
 */
export function isOwnAction({ type, name }: Claim): boolean {
  return type === 'githubactions' && name?.startsWith('.') === true
}

/**
 * The package URL of an action. Syft writes actions as repositories ("pkg:github/…") and says separately that they
 * are actions; a repository alone is not one. Where an action is pinned to a commit, Syft takes the comment after it
 * as the version, and keeps the reference itself in its metadata.
 */
export function actionPurl(purl: PackageUrl, { type, statement }: Claim): PackageUrl {
  if (purl.type !== 'github' || type !== 'githubactions') return purl
  const [, commit] = /@([0-9a-f]{40}|[0-9a-f]{64})$/.exec(statement ?? '') ?? []
  const named: PackageUrl = { ...purl, type: 'githubactions' }
  if (commit === undefined || purl.version === undefined || purl.version === commit) return named
  return { ...named, version: commit, qualifiers: { ...purl.qualifiers, comment: purl.version } }
}
