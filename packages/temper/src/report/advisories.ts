import { dayOfFeed, type FeedState } from '../model/advisory/advisory.ts'
import type { ScanResult } from '../model/advisory/finding.ts'
import { dayOf } from './date.ts'

/** "advisories of 2026-11-18": the day that counts, or what is said instead of one. */
export function advisoriesText({ feeds, asOf }: Pick<ScanResult, 'feeds' | 'asOf'>): string {
  if (feeds.length === 0) return 'no advisories'
  return asOf === undefined ? 'advisories of unknown age' : `advisories of ${dayOf(asOf)}`
}

/** "osv/Debian of 2026-11-18", for formats that have a line for each feed. */
export function feedText(feed: FeedState): string {
  const day = dayOfFeed(feed)
  return `${feed.id} of ${day === undefined ? 'unknown age' : dayOf(day)}`
}
