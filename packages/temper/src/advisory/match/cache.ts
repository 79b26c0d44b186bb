import type { AdvisoryEntry, AdvisoryIndex } from '../../model/advisory/advisory.ts'
import type { FindingTemplate } from './finding.ts'
import { cvePattern } from './problems.ts'
import { type FeedRanks, feedRanks } from './statements.ts'

/** What matching one name and version gave. */
export interface Matched {
  readonly templates: readonly FindingTemplate[]
  /** Ids of entries that cannot be evaluated. */
  readonly unusable: readonly string[]
}

const entryLimit = 300_000
const templateLimit = 200_000
const matchLimit = 100_000
const nameLimit = 50_000

/** Everything that was read from one index, so that many inventories cost little more than their differences. */
export class MatchCache {
  readonly ranks: FeedRanks
  readonly #index: AdvisoryIndex
  #entries = new Map<string, readonly AdvisoryEntry[]>()
  #entryCount = 0
  #matched = new Map<string, Matched>()
  #templateCount = 0
  #cves = new Map<string, readonly string[]>()

  constructor(index: AdvisoryIndex) {
    this.#index = index
    this.ranks = feedRanks(index.feeds)
  }

  entries(ecosystem: string, name: string): readonly AdvisoryEntry[] {
    const key = `${ecosystem}\n${name}`
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    const found = this.#index.lookup(ecosystem, name)
    if (this.#entryCount > entryLimit) {
      this.#entries = new Map()
      this.#entryCount = 0
    }
    this.#entryCount += found.length + 1
    this.#entries.set(key, found)
    return found
  }

  matched(key: string, match: () => Matched): Matched {
    const known = this.#matched.get(key)
    if (known !== undefined) return known
    const found = match()
    if (this.#templateCount > templateLimit || this.#matched.size > matchLimit) {
      this.#matched = new Map()
      this.#templateCount = 0
    }
    this.#templateCount += found.templates.length
    this.#matched.set(key, found)
    return found
  }

  /** CVEs that records about any package give as other names of an id: costly for ids that everybody uses. */
  cvesOf(id: string): readonly string[] {
    const known = this.#cves.get(id)
    if (known !== undefined) return known
    const found = (this.#index.facts(id)?.aliases ?? []).filter((alias) => cvePattern.test(alias))
    if (this.#cves.size > nameLimit) this.#cves = new Map()
    this.#cves.set(id, found)
    return found
  }
}
