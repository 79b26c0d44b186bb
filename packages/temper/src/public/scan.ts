/** Targets become inventories, these are matched with advisories, and the gate judges. */

export { type OsvPlace, osvPlaceOf } from '../advisory/match/targets/osv-place.ts'
export {
  type InventoryOfOptions,
  type InventorySource,
  inventoryOf,
  type TargetInventory,
} from '../flows/inventory/inventory.ts'
export type { ScanTarget } from '../flows/inventory/target.ts'
export { scanComponents } from '../flows/scan/components.ts'
export { type ComparedWith, type ScanOutcome, type ScanRequest, scan } from '../flows/scan/scan.ts'
export { parseIgnoreFile } from '../policy/ignore/ignore-file.ts'
export type { IgnoreRule } from '../policy/ignore/rule.ts'
