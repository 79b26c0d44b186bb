import { setHeadersAside } from '../../advisory/match/kernel-headers.ts'
import { matchInventory } from '../../advisory/match/match.ts'
import { planUpgrades } from '../../advisory/match/upgrade.ts'
import type { Finding, ScanResult, Upgrade } from '../../model/advisory/finding.ts'
import type { Inventory, InventoryNote } from '../../model/inventory.ts'
import type { OpenFeeds } from '../feeds/rebuildable.ts'

/** What advisories say of an inventory. */
export async function findingsOf(
  inventory: Inventory,
  feeds: OpenFeeds,
): Promise<Pick<ScanResult, 'findings' | 'suppressed' | 'notes'>> {
  return await feeds.reading((index) => {
    const notes: InventoryNote[] = []
    const findings = matchInventory(inventory, index, { onNote: (note) => notes.push(note) })
    return { ...setHeadersAside(findings), notes }
  })
}

/** What to upgrade so that they are gone. */
export async function upgradesOf(findings: readonly Finding[]): Promise<readonly Upgrade[]> {
  return planUpgrades(findings)
}
