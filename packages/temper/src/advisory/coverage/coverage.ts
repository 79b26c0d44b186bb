import { ownMember } from '../../base/own-member.ts'
import { coverageOfFeed, dayOfFeed, type FeedState } from '../../model/advisory/advisory.ts'
import type { FeedCoverage } from '../../model/advisory/coverage.ts'
import type { LedgerFeed, LedgerOutcome } from '../../model/advisory/ledger.ts'
import { parseEcosystem } from '../ecosystem.ts'
import { sufficesRepaired } from './claim.ts'

/** A package as advisories may name it. */
export interface CoveredName {
  readonly ecosystem: string
  readonly name: string
}

interface Claim {
  readonly feed: FeedState
  readonly coverage: FeedCoverage
  /** The packages that are covered, if not all. */
  readonly packages?: ReadonlySet<string>
}

/** Lists that are published in parts: only together they speak for what none of them names. */
const partsOf: Readonly<Record<string, readonly string[]>> = { Alpine: ['main', 'community'] }

/** What the feeds of an index cover together. */
export class Coverage {
  readonly #claims = new Map<string, Claim[]>()
  readonly #outcomes = new Map<string, LedgerOutcome>()

  constructor(feeds: readonly FeedState[]) {
    for (const feed of feeds) for (const coverage of coverageOfFeed(feed)) this.#add(feed, coverage)
  }

  #add(feed: FeedState, coverage: FeedCoverage): void {
    const { packages } = coverage
    const claim = { feed, coverage, ...(packages === undefined ? {} : { packages: new Set(packages) }) }
    for (const ecosystem of coverage.ecosystems) {
      const claims = this.#claims.get(ecosystem)
      if (claims === undefined) this.#claims.set(ecosystem, [claim])
      else claims.push(claim)
    }
  }

  /** True when there is a list of the whole ecosystem, which also covers packages that no record names. */
  listed(ecosystems: readonly string[]): boolean {
    return ecosystems.some((ecosystem) => this.#lists(ecosystem).length > 0)
  }

  /**
   * What it means when there are no records about a package that advisories may list under any of `names`, all of one
   * release. `speaking` are the ids of feeds that have records about it.
   */
  outcome(names: readonly CoveredName[], speaking: ReadonlySet<string>): LedgerOutcome {
    const ecosystem = names[0]?.ecosystem ?? ''
    const covering = [...new Set(names.flatMap((name) => this.#covering(name, speaking)))]
    const claims = covering.length > 0 ? covering : this.#records(ecosystem, speaking)
    const key = `${ecosystem}\n${claims.map(({ feed, coverage }) => `${feed.id}\n${coverage.knows}`).join('\n')}`
    const same = this.#outcomes.get(key)
    if (same !== undefined) return same
    const outcome =
      covering.length > 0
        ? comparedWith(claims, ecosystem)
        : claims.length > 0
          ? comparedInPart(claims, ecosystem)
          : this.#notCompared(ecosystem)
    this.#outcomes.set(key, outcome)
    return outcome
  }

  #covering({ ecosystem, name }: CoveredName, speaking: ReadonlySet<string>): readonly Claim[] {
    const lists = this.#lists(ecosystem)
    const others = (this.#claims.get(ecosystem) ?? []).filter(
      ({ feed, coverage, packages }) =>
        packages?.has(name) === true || (coverage.part !== undefined && speaking.has(feed.id)),
    )
    return [...lists, ...others]
  }

  /** Feeds with single records about it, if there is nothing better. */
  #records(ecosystem: string, speaking: ReadonlySet<string>): readonly Claim[] {
    return (this.#claims.get(ecosystem) ?? []).filter(({ feed }) => speaking.has(feed.id))
  }

  #lists(ecosystem: string): readonly Claim[] {
    const lists = (this.#claims.get(ecosystem) ?? []).filter(({ coverage }) => coverage.extent === 'list')
    const parts = new Set(lists.map(({ coverage }) => coverage.part))
    const wanted = ownMember(partsOf, parseEcosystem(ecosystem).family) ?? []
    const whole = parts.has(undefined) || wanted.every((part) => parts.has(part))
    return whole ? lists : []
  }

  #notCompared(ecosystem: string): LedgerOutcome {
    return { compared: false, feeds: [], reason: whyNot(this.#claims.get(ecosystem) ?? [], shown(ecosystem)) }
  }
}

/** Why what the feeds have of an ecosystem says nothing about a package. */
function whyNot(claims: readonly Claim[], ecosystem: string): string {
  const nothing = `no feed lists ${ecosystem}`
  const part = claims.find(({ coverage }) => coverage.part !== undefined)?.coverage.part
  if (part !== undefined) return `only "${part}" of the lists of ${ecosystem} is there`
  if (claims.length === 0) return nothing
  const feeds = claims.map(({ feed }) => feed.id).join(', ')
  const what = claims.every(({ packages }) => packages !== undefined)
    ? 'what is known of others'
    : 'single records, and nothing says that they are complete'
  return `${nothing}: ${feeds} ${claims.length === 1 ? 'has' : 'have'} ${what}`
}

function comparedWith(claims: readonly Claim[], ecosystem: string): LedgerOutcome {
  const all = asked(claims, ({ coverage }) => coverage.knows)
  const enough = all.some(({ knows }) => knows === 'all') || sufficesRepaired(ecosystem)
  if (enough) return { compared: true, feeds: all }
  return {
    compared: true,
    feeds: all,
    reason: `for ${shown(ecosystem)} only repairs are known, not what is still open`,
  }
}

function comparedInPart(claims: readonly Claim[], ecosystem: string): LedgerOutcome {
  const reason = `there are single records, and no feed lists ${shown(ecosystem)}`
  return { compared: true, feeds: asked(claims, () => 'records'), reason }
}

/** Each feed once, by id; of two kinds of knowledge the better. */
function asked(
  claims: readonly Claim[],
  knowsOf: (claim: Claim) => LedgerFeed['knows'],
): readonly LedgerFeed[] {
  const feeds = new Map<string, LedgerFeed>()
  for (const claim of claims) {
    const { id } = claim.feed
    const date = dayOfFeed(claim.feed)
    const knows = feeds.get(id)?.knows === 'all' ? 'all' : knowsOf(claim)
    feeds.set(id, { id, knows, ...(date === undefined ? {} : { date }) })
  }
  return [...feeds.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** "Debian:13" as people say it. */
function shown(ecosystem: string): string {
  return ecosystem === '' ? 'it' : ecosystem.replace(':', ' ')
}
