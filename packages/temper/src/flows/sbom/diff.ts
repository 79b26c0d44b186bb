import type { ImagePlatform } from '../../model/platform.ts'
import { compareInventories, type InventoryComparison, isEqual } from '../../sbom/compare.ts'
import type { Context } from '../context.ts'
import type { InventorySource, TargetInventory } from '../inventory/inventory.ts'
import type { ScanTarget } from '../inventory/target.ts'
import { namedInventoryOf } from './named.ts'

export interface SbomDiffRequest {
  readonly old: ScanTarget
  readonly young: ScanTarget
  readonly platform?: ImagePlatform
  readonly source?: InventorySource
  /** Paths to leave out, from the root of the target, with `*` and `**`. */
  readonly exclude?: readonly string[]
}

export interface ComparedTarget {
  readonly name: string
  readonly digest?: string
  readonly from: string
  readonly packages: number
}

export interface SbomDiff extends InventoryComparison {
  readonly old: ComparedTarget
  readonly new: ComparedTarget
  readonly equal: boolean
}

/** What was added, removed and changed between two targets. Errors: those of `inventoryOf`. */
export async function diffSboms(request: SbomDiffRequest, context: Context): Promise<SbomDiff> {
  const old = await namedInventoryOf(request.old, request, context)
  const young = await namedInventoryOf(request.young, request, context)
  const comparison = compareInventories(old.inventory, young.inventory)
  return { old: described(old), new: described(young), equal: isEqual(comparison), ...comparison }
}

function described({ name, digest, from, inventory }: TargetInventory): ComparedTarget {
  return {
    name,
    ...(digest === undefined ? {} : { digest }),
    from,
    packages: inventory.components.length,
  }
}
