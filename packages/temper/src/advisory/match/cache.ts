import type {
  AdvisoryEntry,
  AdvisoryIndex,
  ExploitPrediction,
  FeedState,
  KnownExploited,
} from '../../model/advisory/advisory.ts'
import type { LedgerOutcome } from '../../model/advisory/ledger.ts'
import { Coverage } from '../coverage/coverage.ts'
import type { FindingTemplate } from './finding.ts'
import { cvePattern } from './problems.ts'
import { type FeedRanks, feedRanks } from './statements.ts'

/** The result of matching one name and version. */
export interface Matched {
  readonly templates: readonly FindingTemplate[]
  /** What it means if nothing was found. */
  readonly outcome: LedgerOutcome
}

/** Limits of the cache; when one is exceeded, everything of that kind is dropped. */
export interface MatchCacheLimits {
  readonly entries: number
  readonly templates: number
  readonly matches: number
  readonly names: number
}

const usual: MatchCacheLimits = { entries: 300_000, templates: 200_000, matches: 100_000, names: 50_000 }

/** Everything that was read from one index, so that many inventories cost little more than what is new in each. */
export class MatchCache {
  readonly ranks: FeedRanks
  readonly coverage: Coverage
  readonly #index: AdvisoryIndex
  readonly #limits: MatchCacheLimits
  #entries = new Map<string, readonly AdvisoryEntry[]>()
  #entryCount = 0
  #matched = new Map<string, Matched>()
  #templateCount = 0
  #facts = new Map<string, Facts>()

  constructor(index: AdvisoryIndex, limits: MatchCacheLimits = usual) {
    this.#index = index
    this.#limits = limits
    this.ranks = feedRanks(index.feeds)
    this.coverage = new Coverage(feedsOfDay(index))
  }

  entries(ecosystem: string, name: string): readonly AdvisoryEntry[] {
    const key = `${ecosystem}\n${name}`
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    const entries = this.#index.lookup(ecosystem, name)
    if (this.#entryCount > this.#limits.entries) {
      this.#entries = new Map()
      this.#entryCount = 0
    }
    this.#entryCount += entries.length + 1
    this.#entries.set(key, entries)
    return entries
  }

  matched(key: string, match: () => Matched): Matched {
    const known = this.#matched.get(key)
    if (known !== undefined) return known
    const matched = match()
    if (this.#templateCount > this.#limits.templates || this.#matched.size > this.#limits.matches) {
      this.#matched = new Map()
      this.#templateCount = 0
    }
    this.#templateCount += matched.templates.length
    this.#matched.set(key, matched)
    return matched
  }

  /** CVEs that records about any package give as other names of an id. */
  cvesOf(id: string): readonly string[] {
    return (this.factsOf(id)?.aliases ?? []).filter((alias) => cvePattern.test(alias))
  }

  /** What records about any package say about an id, which is costly to find for widely used ids. */
  factsOf(id: string): Facts {
    if (this.#facts.has(id)) return this.#facts.get(id)
    const facts = this.#index.facts(id)
    if (this.#facts.size > this.#limits.names) this.#facts = new Map()
    this.#facts.set(id, facts)
    return facts
  }

  exploited(id: string): KnownExploited | undefined {
    return this.#index.exploited(id)
  }

  prediction(id: string): ExploitPrediction | undefined {
    return this.#index.prediction(id)
  }
}

/** A feed knows nothing of a day before its first record, where no state of that day was kept. */
function feedsOfDay({ feeds, asOf }: AdvisoryIndex): readonly FeedState[] {
  if (asOf === undefined || asOf.exact) return feeds
  return feeds.filter(({ since }) => since === undefined || since.slice(0, 10) <= asOf.day)
}

type Facts = ReturnType<AdvisoryIndex['facts']>
