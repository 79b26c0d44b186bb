import { nameArchives } from '../../advisory/match/archive-names.ts'
import { setHeadersAside } from '../../advisory/match/kernel-headers.ts'
import { matchInventory } from '../../advisory/match/match.ts'
import { planUpgrades } from '../../advisory/match/upgrade.ts'
import type { Finding, ScanResult, Upgrade } from '../../model/advisory/finding.ts'
import type { Inventory } from '../../model/inventory.ts'
import type { OpenFeeds } from '../feeds/rebuildable.ts'

/** The inventory with its archives called what feeds know them by. */
export async function namedInventory(inventory: Inventory, feeds: OpenFeeds): Promise<Inventory> {
  return await feeds.reading((index) => nameArchives(inventory, index))
}

/** What advisories say of an inventory. */
export async function findingsOf(
  inventory: Inventory,
  feeds: OpenFeeds,
): Promise<Pick<ScanResult, 'findings' | 'suppressed' | 'ledger' | 'notes'>> {
  return await feeds.reading((index) => {
    const { findings, ...compared } = matchInventory(inventory, index)
    return { ...setHeadersAside(findings), ...compared }
  })
}

/** What to upgrade so that they are gone. */
export async function upgradesOf(findings: readonly Finding[]): Promise<readonly Upgrade[]> {
  return planUpgrades(findings)
}
