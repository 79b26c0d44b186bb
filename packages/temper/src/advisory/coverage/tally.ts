import type { AffectedPackage } from '../../model/advisory/advisory.ts'
import type { FeedItem } from '../feed-item.ts'

/** Counts for one ecosystem of a feed. */
export interface EcosystemCount {
  /** Packages in records that have no fix. */
  readonly open: number
}

/** Counts of what the records of a feed are about, made while they are read. */
export interface Tally {
  readonly ecosystems: ReadonlyMap<string, EcosystemCount>
  /** Packages that the feed says it covers, by ecosystem. */
  readonly packages: ReadonlyMap<string, ReadonlySet<string>>
  /** True where the feed itself says which list of its publisher it is. */
  readonly states: boolean
  /** The part of a list that the feed says it contains. */
  readonly part: string | undefined
}

/** Ecosystems that are counted: Red Hat's products are the most, some 2,000. What comes after them is not covered. */
const ecosystemLimit = 5_000
/** Characters of an ecosystem's name. */
const nameLimit = 200
/** Packages that a feed names as covered: more than any distribution has sources. */
const packageLimit = 50_000

export class TallyCounter implements Tally {
  readonly ecosystems = new Map<string, { open: number }>()
  readonly packages = new Map<string, Set<string>>()
  states = false
  part: string | undefined
  #packages = 0

  add(item: FeedItem): void {
    if (item.kind === 'advisory') this.#count(item.advisory.affected)
    else if (item.kind === 'list') this.#state(item.part)
    else if (item.kind === 'covered') this.#cover(item.ecosystem, item.name)
  }

  #state(part: string | undefined): void {
    this.states = true
    this.part = part
  }

  #count(all: readonly AffectedPackage[]): void {
    for (const ecosystem of new Set(all.map((affected) => affected.ecosystem))) {
      const count = this.#countOf(ecosystem)
      if (count === undefined) continue
      count.open += all.filter((affected) => affected.ecosystem === ecosystem && isOpen(affected)).length
    }
  }

  #countOf(ecosystem: string): { open: number } | undefined {
    const known = this.ecosystems.get(ecosystem)
    if (known !== undefined) return known
    if (this.ecosystems.size >= ecosystemLimit || ecosystem.length > nameLimit) return undefined
    const count = { open: 0 }
    this.ecosystems.set(ecosystem, count)
    return count
  }

  #cover(ecosystem: string, name: string): void {
    if (this.#packages++ >= packageLimit) return
    const names = this.packages.get(ecosystem)
    if (names === undefined) this.packages.set(ecosystem, new Set([name]))
    else names.add(name)
  }
}

function isOpen({ notAffected, ranges }: AffectedPackage): boolean {
  if (notAffected === true || ranges.length === 0) return false
  return !ranges.some(({ events }) => events.some((event) => 'fixed' in event || 'lastAffected' in event))
}
