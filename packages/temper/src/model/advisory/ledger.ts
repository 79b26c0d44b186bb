import type { Component } from '../inventory.ts'
import type { CoverageKnowledge } from './coverage.ts'

/** A feed that a component was compared with. */
export interface LedgerFeed {
  readonly id: string
  /** "records" when it has single records about the component, and is not a complete list. */
  readonly knows: CoverageKnowledge | 'records'
  /** The day whose state it describes, RFC 3339 or YYYY-MM-DD, where that is known. */
  readonly date?: string
}

/** The outcome of comparing a component with advisories; many components share one. */
export interface LedgerOutcome {
  readonly compared: boolean
  /** Feeds that cover it, by id; none when it was not compared. */
  readonly feeds: readonly LedgerFeed[]
  /**
   * Why it was not compared, or why finding nothing does not mean that nothing is known, as a clause. Absent when
   * finding nothing is good news.
   */
  readonly reason?: string
  /** purl of the distribution's package that it belongs to and was compared as. */
  readonly as?: string
}

/** A line of the ledger. Each component of an inventory has exactly one. */
export interface LedgerEntry extends LedgerOutcome {
  readonly component: Component
}

/** Totals of a ledger. */
export interface LedgerTotals {
  readonly compared: number
  /** Of those, components for which only fixes are known. */
  readonly repairedOnly: number
  /** Of those, components for which the feeds hold only part of what is known. */
  readonly inPart: number
  readonly notCompared: number
  /** True when, for every component, finding nothing is good news. */
  readonly complete: boolean
}

export function ledgerTotals(ledger: readonly LedgerEntry[]): LedgerTotals {
  let [compared, repairedOnly, inPart] = [0, 0, 0]
  for (const entry of ledger) {
    if (!entry.compared) continue
    compared++
    if (entry.feeds.every(({ knows }) => knows === 'repaired')) repairedOnly++
    if (entry.reason !== undefined) inPart++
  }
  const notCompared = ledger.length - compared
  return { compared, repairedOnly, inPart, notCompared, complete: notCompared + inPart === 0 }
}

/** The day whose state a ledger describes: the oldest day of the feeds that were consulted; undefined when none was. */
export function oldestDay(ledger: readonly LedgerEntry[]): string | undefined {
  let oldest: string | undefined
  for (const { feeds } of ledger)
    for (const { date } of feeds)
      if (date !== undefined && (oldest === undefined || date < oldest)) oldest = date
  return oldest
}
