import { TemperError } from '../base/error.ts'
import type { AdvisoryIndex } from '../model/advisory.ts'
import type { Finding, Upgrade } from '../model/finding.ts'
import type { Inventory, InventoryNote } from '../model/inventory.ts'

/** What advisories say of an inventory. */
export async function findingsOf(
  _inventory: Inventory,
  _index: AdvisoryIndex,
): Promise<{ readonly findings: readonly Finding[]; readonly notes: readonly InventoryNote[] }> {
  throw new TemperError('internal', 'matching is not wired yet')
}

/** What to upgrade so that they are gone. */
export async function upgradesOf(_findings: readonly Finding[]): Promise<readonly Upgrade[]> {
  return []
}
