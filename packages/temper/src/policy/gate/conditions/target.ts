import type { FeedState } from '../../../model/advisory/advisory.ts'
import type { ScanResult } from '../../../model/advisory/finding.ts'
import { type GateFacts, isComplete, isGap } from '../../../model/advisory/scan-report.ts'
import type { Fault, Rule } from '../../../model/rule.ts'

/** A condition on the target as a whole. It is a rule of its own and cannot be combined with others. */
export interface TargetCondition extends Pick<Rule<ScanResult>, 'title' | 'why' | 'fix'> {
  readonly kind: GateFacts['kind']
  /** What in the target meets it; empty when the target is as it should be. */
  check(result: ScanResult): Iterable<TargetFault>
}

interface TargetFault extends Omit<Fault, 'place'> {
  readonly subject: string
  /** Id of the feed or the distribution; the condition itself where it is about neither. */
  readonly id: string
}

const endOfLife: TargetCondition = {
  kind: 'end-of-life',
  title: 'The release is still supported',
  why: 'After a release has reached its end of life nobody repairs it, so its list of known vulnerabilities is never complete.',
  fix: 'move to a release that gets security updates',
  *check({ support }) {
    if (support?.ended !== true) return
    const { id, version, title } = support.distribution
    yield {
      id,
      subject: title ?? `${id} ${version}`.trimEnd(),
      found: `support ended on ${support.endOfLife}`,
    }
  },
}

const staleFeeds: TargetCondition = {
  kind: 'stale-feeds',
  title: 'The advisories are fresh',
  why: 'Vulnerabilities that became known after the day of the advisories cannot be found with them.',
  fix: 'fetch newer ones',
  *check({ feeds }) {
    if (feeds.length === 0) yield { id: 'feeds', subject: 'advisories', found: 'there are none' }
    for (const feed of feeds)
      if (feed.stale === true) yield { id: feed.id, subject: `feed ${feed.id}`, found: ageOf(feed) }
  },
}

function ageOf({ date, fetched }: FeedState): string {
  const day = date ?? fetched
  return day === undefined ? 'of unknown age' : `of ${day}`
}

const incomplete: TargetCondition = {
  kind: 'incomplete',
  title: 'Everything was read and compared',
  why: 'A package that was not compared is not known to be good.',
  fix: 'get advisories for what is in it, or scan a bill of materials',
  *check(result) {
    if (isComplete(result)) return
    const gaps = result.notes.filter(isGap).map(({ message }) => message)
    for (const found of gaps.length > 0 ? gaps : ['there are no advisories'])
      yield { id: 'incomplete', subject: result.target.name, found }
  },
}

/**
 * The conditions by the word that rules use. Another condition needs another line here, and a row in
 * docs/reference/gate.md.
 */
export const targetConditions = { eol: endOfLife, 'stale-feeds': staleFeeds, incomplete } as const
export type TargetWord = keyof typeof targetConditions
export const targetWords = Object.keys(targetConditions) as readonly TargetWord[]
