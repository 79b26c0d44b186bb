import type { Component } from '../inventory.ts'
import type { CoverageKnowledge } from './coverage.ts'

/** A feed that a component was compared with. */
export interface LedgerFeed {
  readonly id: string
  /** "records": it has single records of the component, and is no list. */
  readonly knows: CoverageKnowledge | 'records'
  /** The day that it speaks of, RFC 3339 or YYYY-MM-DD, where that is known. */
  readonly date?: string
}

/** The outcome of comparing a component with advisories; many components share one. */
export interface LedgerOutcome {
  readonly compared: boolean
  /** Feeds that can speak for it, by id; none where it was not compared. */
  readonly feeds: readonly LedgerFeed[]
  /**
   * Why it was not compared, or why finding nothing does not mean that nothing is known: a clause. Absent where silence is
   * good news.
   */
  readonly reason?: string
  /** purl of the distribution's package that it is part of and was compared as. */
  readonly as?: string
}

/** A line of the ledger: each component of an inventory has exactly one. */
export interface LedgerEntry extends LedgerOutcome {
  readonly component: Component
}

/** The numbers of a ledger. */
export interface LedgerTotals {
  readonly compared: number
  /** Of those: of which repairs alone are known. */
  readonly repairedOnly: number
  /** Of those: of which that is not all that is known. */
  readonly inPart: number
  readonly notCompared: number
  /** True when of every component silence is good news. */
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

/** The day that a ledger speaks of: the oldest of the feeds that were asked; undefined when none was. */
export function oldestDay(ledger: readonly LedgerEntry[]): string | undefined {
  let oldest: string | undefined
  for (const { feeds } of ledger)
    for (const { date } of feeds)
      if (date !== undefined && (oldest === undefined || date < oldest)) oldest = date
  return oldest
}
