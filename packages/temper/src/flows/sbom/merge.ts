import { TemperError } from '../../base/error.ts'
import type { ImagePlatform } from '../../model/platform.ts'
import { mergeInventories } from '../../sbom/merge.ts'
import type { Context } from '../context.ts'
import type { SbomFormat } from '../evidence/evidence-type.ts'
import type { InventorySource, TargetInventory } from '../inventory/inventory.ts'
import type { ScanTarget } from '../inventory/target.ts'
import { sbomPieces } from './document.ts'
import { namedInventoryOf } from './named.ts'
import { type SbomOutcome, written } from './sbom.ts'

export interface MergeRequest {
  /** Two or more. */
  readonly targets: readonly ScanTarget[]
  readonly format: SbomFormat
  /** Name of what the document describes; default: the names of all targets, joined. */
  readonly name?: string
  readonly platform?: ImagePlatform
  readonly source?: InventorySource
  /** Paths to leave out, from the root of the target, with `*` and `**`. */
  readonly exclude?: readonly string[]
  readonly output?: string
}

/** One bill of materials for several targets. Errors: `bad-usage` for fewer than two, and those of `inventoryOf`. */
export async function mergeSboms(request: MergeRequest, context: Context): Promise<SbomOutcome> {
  const { targets, format } = request
  if (targets.length < 2) throw new TemperError('bad-usage', 'Merging takes two targets or more')
  const inventories: TargetInventory[] = []
  for (const target of targets)
    inventories.push(await namedInventoryOf(target, { ...request, sha1: format === 'spdx-json' }, context))
  const inventory = mergeInventories(inventories.map((each) => each.inventory))
  const digests = new Set(inventories.flatMap(({ digest }) => digest ?? []))
  const [digest] = digests
  const created = inventories
    .flatMap((each) => each.created ?? [])
    .sort()
    .at(-1)
  const names = inventories.map(({ title, name }) => title ?? name)
  const merged: TargetInventory = {
    inventory,
    kind: 'sbom',
    name: inventories.map(({ name }) => name).join(' + '),
    title: request.name ?? [...new Set(names)].join(' + '),
    ...(digest === undefined || digests.size > 1 ? {} : { digest }),
    ...(created === undefined ? {} : { created }),
    from: 'merged documents',
  }
  const document = {
    reference: merged.name,
    ...(merged.digest === undefined ? {} : { digest: merged.digest }),
    format,
    from: merged.from,
    pieces: sbomPieces(merged, format, context),
  }
  return await written(document, request, context)
}
