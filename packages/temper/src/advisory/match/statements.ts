import type { AdvisoryEntry, FeedState } from '../../model/advisory/advisory.ts'
import { isDistribution, parseEcosystem } from '../ecosystem.ts'
import { extentOf, type Hit, rangeHit } from './evaluate.ts'
import type { MatchTarget } from './targets/target.ts'

/**
 * Whose word counts first on a distribution's package: the distribution's own list of states, then records made from it,
 * then what changelogs tell. The first that speaks of a problem decides it.
 */
const ranks: Readonly<Record<FeedState['kind'], number>> = {
  'debian-tracker': 0,
  secdb: 0,
  osv: 1,
  changelogs: 2,
  kev: 3,
  epss: 3,
  archives: 3,
}

export type FeedRanks = ReadonlyMap<string, number>

export function feedRanks(feeds: readonly FeedState[]): FeedRanks {
  return new Map(feeds.map(({ id, kind }) => [id, ranks[kind]]))
}

/** The problem that an id of a distribution's list names ("DEBIAN-CVE-2024-1" is about CVE-2024-1), else the id. */
export function problemOfId(id: string): string {
  const at = id.indexOf('CVE-')
  return at < 0 ? id : id.slice(at)
}

export interface Verdicts {
  readonly hits: readonly Hit[]
  /** Whether a better list decides a problem differently than a worse one, so that the latter must not report it. */
  isOverruled(hit: Hit, problem: string): boolean
}

/** Which entries of one package affect the target's version, and which of them a better list overrules. */
export function verdictsOf(
  entries: readonly AdvisoryEntry[],
  target: MatchTarget,
  { ranks: rankOf }: { readonly ranks: FeedRanks },
): Verdicts {
  const hits: Hit[] = []
  for (const entry of entries) {
    const hit = hitOf(entry, target)
    if (hit !== undefined && !isOtherModule(hit.range.end?.version, target))
      hits.push({ entry, ...hit, contradicted: false })
  }
  if (hits.length === 0 || !isDistribution(parseEcosystem(target.ecosystem).family))
    return { hits, isOverruled: () => false }
  const best = bestRanks(entries, rankOf)
  const denied = deniedProblems(entries)
  return {
    hits: hits.map((hit) =>
      denied.has(`${hit.entry.feed}\n${problemOfId(hit.entry.id)}`) ? { ...hit, contradicted: true } : hit,
    ),
    isOverruled: (hit, problem) => (rankOf.get(hit.entry.feed) ?? 3) > (best.get(problem) ?? 3),
  }
}

/** Of what may be several versions an entry has to hold all; else it has to hold what somebody says that it is. */
function hitOf(entry: AdvisoryEntry, target: MatchTarget): Pick<Hit, 'target' | 'range'> | undefined {
  if (target.among !== undefined && extentOf(entry, target) !== 'all') {
    const { among: _, shown: __, told, ...rest } = target
    return told === undefined ? undefined : hitOf(entry, { ...rest, ...told })
  }
  const range = rangeHit(entry, target)
  return range && { target, range }
}

/** The best list that speaks of each problem. */
function bestRanks(entries: readonly AdvisoryEntry[], rankOf: FeedRanks): ReadonlyMap<string, number> {
  const best = new Map<string, number>()
  const feeds = new Set(entries.map(({ feed }) => feed))
  if (feeds.size < 2) return best
  for (const { id, feed } of entries) {
    const problem = problemOfId(id)
    best.set(problem, Math.min(best.get(problem) ?? 3, rankOf.get(feed) ?? 3))
  }
  return best
}

/** Feed and problem of statements "never affected", which the same feed's fixed version contradicts. */
function deniedProblems(entries: readonly AdvisoryEntry[]): ReadonlySet<string> {
  const denied = new Set<string>()
  for (const { id, feed, affected } of entries)
    if (affected.notAffected === true) denied.add(`${feed}\n${problemOfId(id)}`)
  return denied
}

/** A modular RPM is built from another branch than the one outside modules: their versions say nothing of each other. */
function isOtherModule(fixed: string | undefined, { scheme, version }: MatchTarget): boolean {
  if (scheme !== 'rpm' || fixed === undefined) return false
  const modular = /\.module[+_]/
  return modular.test(fixed) !== modular.test(version)
}
