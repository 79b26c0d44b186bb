import { nameArchives } from '../../advisory/match/archive-names.ts'
import { setHeadersAside } from '../../advisory/match/kernel-headers.ts'
import { matchInventory } from '../../advisory/match/match.ts'
import { planUpgrades } from '../../advisory/match/upgrade.ts'
import type { Finding, ScanResult, Upgrade } from '../../model/advisory/finding.ts'
import type { Inventory } from '../../model/inventory.ts'
import type { OpenFeeds } from '../feeds/rebuildable.ts'

/** The inventory with archives named as in the feeds. */
export async function namedInventory(inventory: Inventory, feeds: OpenFeeds): Promise<Inventory> {
  return await feeds.reading((index) => nameArchives(inventory, index))
}

/** The findings that advisories give for an inventory. */
export async function findingsOf(
  inventory: Inventory,
  feeds: OpenFeeds,
): Promise<Pick<ScanResult, 'findings' | 'suppressed' | 'ledger' | 'notes'>> {
  return await feeds.reading((index) => {
    const { findings, ...compared } = matchInventory(inventory, index)
    return { ...setHeadersAside(findings), ...compared }
  })
}

/** The upgrades that remove findings. */
export async function upgradesOf(findings: readonly Finding[]): Promise<readonly Upgrade[]> {
  return planUpgrades(findings)
}
