import type { AdvisoryIndex } from '../../model/advisory/advisory.ts'
import type { ScanResult } from '../../model/advisory/finding.ts'
import type { LedgerEntry } from '../../model/advisory/ledger.ts'
import type { InventoryNote } from '../../model/inventory.ts'
import type { TargetInventory } from '../inventory/inventory.ts'

/* What a reader of a result has to know besides what was found. */

/** Notes that nothing was found because there was nothing to scan, which is not good news. */
export function emptyNotes({ inventory }: TargetInventory): InventoryNote[] {
  if (inventory.components.length > 0) return []
  return [{ code: 'no-packages', message: 'No packages were found: there was nothing to compare.' }]
}

/** Notes about unreadable records, which may concern the scanned packages. */
export function feedNotes({ feeds }: AdvisoryIndex, ledger: readonly LedgerEntry[]): InventoryNote[] {
  const asked = new Set(ledger.flatMap((entry) => entry.feeds.map(({ id }) => id)))
  return feeds.flatMap(({ id, count, skipped = 0 }) => {
    if (skipped === 0 || !asked.has(id)) return []
    const code = skipped > count * skippedShare ? 'feed-damaged' : 'feed-records-skipped'
    return [
      { code, message: `${skipped} of ${count + skipped} records of the feed ${id} could not be read.` },
    ]
  })
}

/** A few odd records are in every large feed; more of them are a gap. */
const skippedShare = 0.001

/** Notes that rules about severities let findings without a severity pass. */
export function severityNotes(findings: ScanResult['findings']): InventoryNote[] {
  const amount = findings.filter(({ severity }) => severity === 'unknown').length
  if (amount === 0) return []
  const have = amount === 1 ? 'finding has' : 'findings have'
  return [
    {
      code: 'severity-unknown',
      message: `${amount} ${have} no severity, because no feed states one: rules about severities let them pass; the rule "unknown" does not.`,
    },
  ]
}

export function dayNotes({ asOf, feeds }: AdvisoryIndex): InventoryNote[] {
  if (asOf === undefined) return []
  if (feeds.length === 0)
    return [
      { code: 'no-advisories', message: `There are no advisories of ${asOf.day}: nothing was compared.` },
    ]
  if (asOf.exact) return []
  return [
    {
      code: 'as-of-rebuilt',
      message: `The feeds as of ${asOf.day} were not kept: they were reconstructed from a later state, by leaving out what was published since.`,
    },
  ]
}
