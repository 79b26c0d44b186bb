import { nameArchives } from '../../advisory/match/archive-names.ts'
import { TemperError } from '../../base/error.ts'
import type { Inventory } from '../../model/inventory.ts'
import type { Context } from '../context.ts'
import { type InventoryOfOptions, inventoryOf, type TargetInventory } from '../inventory/inventory.ts'
import type { ScanTarget } from '../inventory/target.ts'

/**
 * What is in a target, with Java archives called what the store of feeds knows them by (`archivesFeed`), so that a
 * document and a scan of the same thing speak of the same packages. Without feeds, as the archives say. Errors: those of
 * `inventoryOf`; feeds that cannot be read are told, and take nothing away.
 */
export async function namedInventoryOf(
  target: ScanTarget,
  options: InventoryOfOptions,
  context: Context,
): Promise<TargetInventory> {
  const read = await inventoryOf(target, options, context)
  const hasArchives = read.inventory.components.some(
    ({ type, sha1 }) => type === 'maven' && sha1 !== undefined,
  )
  return hasArchives ? { ...read, inventory: await named(read.inventory, context) } : read
}

async function named(inventory: Inventory, context: Context): Promise<Inventory> {
  const { openFeeds } = await import('../feeds/open.ts')
  try {
    const feeds = await openFeeds(context)
    try {
      return await feeds.reading((index) => nameArchives(inventory, index))
    } finally {
      feeds.close()
    }
  } catch (error) {
    if (!(error instanceof TemperError)) throw error
    if (error.code !== 'not-found')
      context.progress.warn(`Names of Java archives were not looked up: ${error.message}`)
    return inventory
  }
}
