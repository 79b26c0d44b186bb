import { type LedgerEntry, ledgerTotals } from '../../model/advisory/ledger.ts'
import type { InventoryNote } from '../../model/inventory.ts'

/** Packages that a note names, and reasons that are told; more of them say nothing new. */
const limits = { named: 5, reasons: 50 } as const

/** What a ledger leaves in doubt, one note for each reason. */
export function ledgerNotes(ledger: readonly LedgerEntry[]): readonly InventoryNote[] {
  if (ledgerTotals(ledger).complete) return []
  const byReason = Map.groupBy(ledger, ({ reason }) => reason)
  const notes: InventoryNote[] = []
  for (const [reason, entries] of byReason) {
    if (reason === undefined) continue
    if (notes.length === limits.reasons) break
    notes.push({ code: 'no-advisories', message: `${subject(entries)}: ${reason}.` })
  }
  return notes
}

function subject(entries: readonly LedgerEntry[]): string {
  const names = [
    ...new Set(entries.map(({ component: { name, version } }) => `${name} ${version}`.trim())),
  ].sort()
  const shown = names.slice(0, limits.named).join(', ')
  const more = names.length > limits.named ? ` and ${names.length - limits.named} more` : ''
  const were = `${entries.length === 1 ? 'package was' : 'packages were'}`
  const not = entries[0]?.compared === true ? `${were} compared in part` : `${were} not compared`
  return `${entries.length} ${not} (${shown}${more})`
}
