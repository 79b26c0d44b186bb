import type { Advisory, ExploitPrediction, KnownArchive, KnownExploited } from '../model/advisory/advisory.ts'

/**
 * The items that readers of feeds yield, one record at a time. `feed` of an advisory is set when it goes into an
 * index.
 */
export type FeedItem =
  | { readonly kind: 'advisory'; readonly advisory: Omit<Advisory, 'feed'> }
  | { readonly kind: 'exploited'; readonly id: string; readonly value: KnownExploited }
  | { readonly kind: 'prediction'; readonly id: string; readonly value: ExploitPrediction }
  | { readonly kind: 'archive'; readonly sha1: string; readonly value: KnownArchive }
  /** States the date of the feed as a whole, RFC 3339 or YYYY-MM-DD. */
  | { readonly kind: 'dated'; readonly date: string }
  /**
   * States which of its publisher's lists the document says it is, and which part if it is published in several:
   * "main".
   */
  | { readonly kind: 'list'; readonly part?: string }
  /** States that everything that is known about a package is here, even if that is nothing. */
  | { readonly kind: 'covered'; readonly ecosystem: string; readonly name: string }
  | SkippedItem

/** A record that could not be understood. It is noted, never silently dropped, and no reason to refuse the others. */
export interface SkippedItem {
  readonly kind: 'skipped'
  /** "line 17", "CVE-2024-1.json", "openssl". */
  readonly where: string
  /** A clause: "its ranges have no events". */
  readonly reason: string
}

export type FeedItems = AsyncIterable<FeedItem>
