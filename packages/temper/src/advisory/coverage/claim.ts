import type { FeedState } from '../../model/advisory/advisory.ts'
import type { CoverageExtent, CoverageKnowledge, FeedCoverage } from '../../model/advisory/coverage.ts'
import { isDistribution, parseEcosystem } from '../ecosystem.ts'
import type { Tally } from './tally.ts'

/** Who says what a feed covers. */
export type CoverageClaim =
  /** The publisher's own file about an ecosystem: OSV's "Debian/all.zip". */
  | { readonly by: 'publisher'; readonly family: string }
  /** The person who imports it: ecosystems that it is the whole list of ("Debian:13", or "Debian" for all releases). */
  | { readonly by: 'person'; readonly ecosystems: readonly string[] }
  /** Nobody. */
  | { readonly by: 'nobody' }

/**
 * Records of an ecosystem from which on a collection of unknown origin is held for its list. Real lists of a release have
 * from 600 on, samples and the records that a team writes for itself have fewer.
 */
export const listSize = 500

/** Families of which somebody publishes problems that are not repaired yet: there repairs alone are no whole list. */
const publishesOpen: ReadonlySet<string> = new Set(['Debian', 'Ubuntu'])

/** Products of one release are lists of their own: what makes a list is counted over all of them. */
const byProduct: ReadonlySet<string> = new Set(['Red Hat', 'SUSE', 'openSUSE'])

/** True where a list of repairs is all that can be had. */
export function sufficesRepaired(ecosystem: string): boolean {
  return !publishesOpen.has(parseEcosystem(ecosystem).family)
}

/** What a feed covers, by its kind, by who says so, and by what was counted in it. */
export function coverageOf(
  kind: FeedState['kind'],
  tally: Tally,
  claim: CoverageClaim = { by: 'nobody' },
): readonly FeedCoverage[] {
  if (kind === 'kev' || kind === 'epss' || kind === 'archives') return []
  if (kind === 'changelogs') return packageCoverage(tally)
  const sizes = familySizes(tally)
  const groups = new Map<string, string[]>()
  for (const [ecosystem, { records, open }] of tally.ecosystems) {
    const { family } = parseEcosystem(ecosystem)
    const size = byProduct.has(family) ? (sizes.get(family) ?? 0) : records
    const extent = extentOf(ecosystem, { kind, claim, size })
    const knows = knowledgeOf(family, { kind, claim, extent, open })
    const key = `${extent} ${knows}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [ecosystem])
    else group.push(ecosystem)
  }
  return [...groups].sort().map(([key, ecosystems]) => {
    const [extent, knows] = key.split(' ') as [CoverageExtent, CoverageKnowledge]
    const part = extent === 'list' && tally.part !== undefined ? { part: tally.part } : {}
    return { extent, knows, ecosystems: ecosystems.sort(), ...part }
  })
}

function extentOf(
  ecosystem: string,
  {
    kind,
    claim,
    size,
  }: { readonly kind: FeedState['kind']; readonly claim: CoverageClaim; readonly size: number },
): CoverageExtent {
  // Nobody else writes these formats, and in them there is nothing but whole lists.
  if (kind === 'debian-tracker' || kind === 'secdb') return 'list'
  const { family } = parseEcosystem(ecosystem)
  switch (claim.by) {
    case 'publisher':
      return claim.family === family ? 'list' : 'records'
    case 'person':
      return claim.ecosystems.some((each) => each === ecosystem || each === family) ? 'list' : 'records'
    case 'nobody':
      return size >= listSize ? 'list' : 'records'
  }
}

interface KnowledgeFacts {
  readonly kind: FeedState['kind']
  readonly claim: CoverageClaim
  readonly extent: CoverageExtent
  /** Packages in records that nothing repairs. */
  readonly open: number
}

function knowledgeOf(family: string, { kind, claim, extent, open }: KnowledgeFacts): CoverageKnowledge {
  if (kind === 'debian-tracker' || !isDistribution(family)) return 'all'
  if (kind === 'secdb') return 'repaired'
  const isStated = claim.by === 'person' && extent === 'list'
  if (isStated || (claim.by === 'publisher' && publishesOpen.has(family))) return 'all'
  return open > 0 ? 'all' : 'repaired'
}

function familySizes({ ecosystems }: Tally): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const [ecosystem, { records }] of ecosystems) {
    const { family } = parseEcosystem(ecosystem)
    sizes.set(family, (sizes.get(family) ?? 0) + records)
  }
  return sizes
}

function packageCoverage({ packages }: Tally): readonly FeedCoverage[] {
  return [...packages].sort().map(([ecosystem, names]) => ({
    extent: 'packages',
    knows: 'repaired',
    ecosystems: [ecosystem],
    packages: [...names].sort(),
  }))
}
