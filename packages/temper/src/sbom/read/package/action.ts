import type { PackageUrl } from '../../../formats/purl/purl.ts'
import type { Claim } from './claim.ts'

/** Actions of the repository itself ("./.github/actions/own"), which Syft lists: software of nobody else. */
export function isOwnAction({ type, name }: Claim): boolean {
  return type === 'githubactions' && name?.startsWith('.') === true
}

/**
 * Syft writes actions as repositories ("pkg:github/…") and says beside it what they are; a repository alone is no action. Where
 * one is pinned to a commit, Syft takes the comment behind that for the version, and what is written is in its metadata.
 */
export function actionPurl(purl: PackageUrl, { type, statement }: Claim): PackageUrl {
  if (purl.type !== 'github' || type !== 'githubactions') return purl
  const [, commit] = /@([0-9a-f]{40}|[0-9a-f]{64})$/.exec(statement ?? '') ?? []
  const named: PackageUrl = { ...purl, type: 'githubactions' }
  if (commit === undefined || purl.version === undefined || purl.version === commit) return named
  return { ...named, version: commit, qualifiers: { ...purl.qualifiers, comment: purl.version } }
}
