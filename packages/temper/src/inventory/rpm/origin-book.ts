import type { Distribution } from '../../model/inventory.ts'
import type { FoundFact } from '../cataloguer.ts'
import type { DistributionPackage } from '../distribution-purl.ts'
import type { RpmFact, RpmRecord } from './facts.ts'

export type OriginOf = (record: RpmRecord) => Pick<DistributionPackage, 'repository' | 'stream'>

/** How Red Hat calls its repositories: which of them a package came out of decides which advisories are of it. */
const redHat = /^(?:rhel|ubi)-\d/

/**
 * Where packages of RHEL came from: what a package manager remembers of each, else the kind that is common
 * to all repositories that the image says it was built from.
 */
export function originsOf(facts: readonly FoundFact<RpmFact>[], distribution?: Distribution): OriginOf {
  if (distribution?.id !== 'rhel') return () => ({})
  const repositories = new Map<string, string>()
  const sets = new Set<string>()
  for (const { fact } of facts) {
    for (const [nevra, repository] of fact.origins ?? []) repositories.set(nevra, repository)
    for (const id of fact.contentSets ?? []) sets.add(id)
  }
  const stream = commonStream(sets)
  return ({ name, epoch, version, release, architecture }) => {
    const tail = `${version}-${release}.${architecture ?? ''}`
    // Yum's folders tell no epoch.
    const repository =
      repositories.get(`${name}-${epoch ?? 0}:${tail}`) ?? repositories.get(`${name}-0:${tail}`)
    if (repository !== undefined) return redHat.test(repository) ? { repository } : {}
    return stream === undefined ? {} : { stream }
  }
}

/** "eus" where all binary repositories of the release itself are of that kind. */
function commonStream(sets: ReadonlySet<string>): string | undefined {
  const kinds = new Set(
    [...sets]
      .filter((id) => redHat.test(id) && !/-(?:source|debug|debuginfo)-rpms/.test(id))
      .map((id) => /-(eus|aus|e4s|tus)(?:-|$)/.exec(id)?.[1]),
  )
  const [only, ...others] = kinds
  return others.length === 0 ? only : undefined
}
