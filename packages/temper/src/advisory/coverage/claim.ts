import type { FeedState } from '../../model/advisory/advisory.ts'
import type {
  CoverageExtent,
  CoverageKnowledge,
  CoverageSpeaker,
  FeedCoverage,
} from '../../model/advisory/coverage.ts'
import { isDistribution, parseEcosystem } from '../ecosystem.ts'
import type { Tally } from './tally.ts'

/** Who says what a feed covers. A feed is never taken for a complete list because it is large. */
export type CoverageClaim =
  /**
   * The publisher's own file, fetched from its address or kept under its name. `family` is its ecosystem, if its
   * format does not say (OSV's "Debian/all.zip").
   */
  | { readonly by: 'publisher'; readonly family?: string }
  /**
   * The person who imports it, with the ecosystems of which it is the complete list ("Debian:13", or "Debian" for all
   * releases).
   */
  | { readonly by: 'person'; readonly ecosystems: readonly string[] }
  /** Nobody. */
  | { readonly by: 'nobody' }

/**
 * Families of which somebody publishes problems that are not repaired yet: for them, repairs alone are not a complete
 * list.
 */
const publishesOpen: ReadonlySet<string> = new Set(['Debian', 'Ubuntu'])

/** True where a list of fixes is all that is published. */
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
  const groups = new Map<string, { ecosystems: string[]; coverage: Omit<FeedCoverage, 'ecosystems'> }>()
  for (const [ecosystem, { open }] of tally.ecosystems) {
    const { family } = parseEcosystem(ecosystem)
    const by = statedBy(ecosystem, { kind, claim, tally })
    const extent = by === undefined ? 'records' : 'list'
    const knows = knowledgeOf(family, { kind, claim, extent, open })
    const key = `${extent} ${knows} ${by}`
    const group = groups.get(key)
    if (group !== undefined) group.ecosystems.push(ecosystem)
    else groups.set(key, { ecosystems: [ecosystem], coverage: { extent, knows, ...(by && { by }) } })
  }
  return [...groups].sort(byKey).map(([, { ecosystems, coverage }]) => {
    const part = coverage.extent === 'list' && tally.part !== undefined ? { part: tally.part } : {}
    return { ...coverage, ecosystems: ecosystems.sort(), ...part }
  })
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}

interface Statement {
  readonly kind: FeedState['kind']
  readonly claim: CoverageClaim
  readonly tally: Tally
}

/** Who says that a feed is the whole list of an ecosystem; undefined where nobody does. */
function statedBy(ecosystem: string, { kind, claim, tally }: Statement): CoverageSpeaker | undefined {
  // A secdb names the repository that it is the list of. Of Debian's tracker a part looks like the whole.
  if (kind === 'secdb' && tally.states) return 'format'
  const { family } = parseEcosystem(ecosystem)
  switch (claim.by) {
    case 'publisher':
      return kind === 'osv' && claim.family !== family ? undefined : 'publisher'
    case 'person':
      return claim.ecosystems.some((each) => each === ecosystem || each === family) ? 'person' : undefined
    case 'nobody':
      return undefined
  }
}

interface KnowledgeFacts {
  readonly kind: FeedState['kind']
  readonly claim: CoverageClaim
  readonly extent: CoverageExtent
  /** Packages in records that have no fix. */
  readonly open: number
}

function knowledgeOf(family: string, { kind, claim, extent, open }: KnowledgeFacts): CoverageKnowledge {
  if (kind === 'debian-tracker' || !isDistribution(family)) return 'all'
  if (kind === 'secdb') return 'repaired'
  const isStated = claim.by === 'person' && extent === 'list'
  if (isStated || (claim.by === 'publisher' && publishesOpen.has(family))) return 'all'
  return open > 0 ? 'all' : 'repaired'
}

function packageCoverage({ packages }: Tally): readonly FeedCoverage[] {
  return [...packages].sort().map(([ecosystem, names]) => ({
    extent: 'packages',
    knows: 'repaired',
    ecosystems: [ecosystem],
    packages: [...names].sort(),
  }))
}
