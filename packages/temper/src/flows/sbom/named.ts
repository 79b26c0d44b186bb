import { nameArchives } from '../../advisory/match/archive-names.ts'
import { TemperError } from '../../base/error.ts'
import type { Inventory } from '../../model/inventory.ts'
import type { Context } from '../context.ts'
import { type InventoryOfOptions, inventoryOf, type TargetInventory } from '../inventory/inventory.ts'
import type { ScanTarget } from '../inventory/target.ts'

/**
 * The inventory of a target, with Java archives named as in the store of feeds (`archivesFeed`), so that a document
 * and a scan of the same target name the same packages. Without feeds the archives' own names are used. Errors: those
 * of `inventoryOf`; unreadable feeds are only reported.
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
