import { type ReadVex, readVexValue } from '../../advisory/vex/format/read.ts'
import { TemperError } from '../../base/error.ts'
import type { VexDocument } from '../../model/advisory/vex.ts'
import { predicateTypes } from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'
import type { InventoryNote } from '../../model/inventory.ts'
import type { Context } from '../context.ts'
import { type ImageSource, openImage } from '../image/source.ts'
import { imageTree } from '../image/tree.ts'
import type { TargetInventory } from '../inventory/inventory.ts'
import type { ScanTarget } from '../inventory/target.ts'

/** Types of statements that may be VEX. */
const vexTypes = [predicateTypes.openvex, predicateTypes.cyclonedx]

/** VEX documents, with notes about unusable parts. */
export interface Statements {
  readonly documents: readonly VexDocument[]
  readonly notes: readonly InventoryNote[]
}

/** Statements about one target, and the names that they may know it by. */
export interface TargetStatements extends Statements {
  readonly names: readonly string[]
}

/**
 * The VEX documents that are attached to an image and signed by somebody who is trusted for it, and every name that
 * statements may have for the target.
 */
export async function imageVex(
  { target, inventoried }: { readonly target: ScanTarget; readonly inventoried: TargetInventory },
  context: Context,
): Promise<TargetStatements> {
  const names = [inventoried.name, inventoried.digest, inventoried.title, inventoried.purl].filter(
    (name) => name !== undefined,
  )
  if (target.kind !== 'image') return { documents: [], names, notes: [] }
  const source = await openImage(target.reference, context)
  try {
    // Statements about an image for several platforms name its index.
    const all = [...new Set([...names, source.root.digest])]
    if (context.trust === undefined) return { documents: [], names: all, notes: [] }
    const read = await attachedVex(source, inventoried, context)
    return {
      documents: read.map(({ document }) => document),
      names: all,
      notes: read.flatMap(({ notes }) => notes),
    }
  } finally {
    await source.store.close()
  }
}

/** Of the image itself before that of the index that it is in; the newest first: a build that states more adds one. */
async function attachedVex(
  source: ImageSource,
  inventoried: TargetInventory,
  context: Context,
): Promise<ReadVex[]> {
  const { trustedAttached } = await import('../trust/trust-for.ts')
  const tree = await imageTree(source.store, source.root)
  const image = tree.find(({ descriptor }) => descriptor.digest === inventoried.digest)?.descriptor
  const subjects = [image, source.root].filter((each) => each !== undefined)
  const keep = ({ type }: { readonly type: string }) => vexTypes.some((known) => type.startsWith(known))
  const read: ReadVex[] = []
  for (const subject of new Map(subjects.map((each): [string, Descriptor] => [each.digest, each])).values())
    read.push(
      ...(await trustedAttached(source, subject, { context, keep }))
        .flatMap(({ statement, digest, vouchers }) =>
          vexOf(statement?.predicate, { digest, signer: vouchers[0] }),
        )
        .sort(newestFirst),
    )
  return read
}

/** Times are RFC 3339 in UTC, as readers write them. */
function newestFirst({ document: a }: ReadVex, { document: b }: ReadVex): number {
  const [x, y] = [a.timestamp ?? '', b.timestamp ?? '']
  return x === y ? 0 : x < y ? 1 : -1
}

/** A bill of materials without vulnerabilities is no VEX; what is broken is told, and does not stop the scan. */
function vexOf(
  value: unknown,
  { digest, signer }: { readonly digest: string; readonly signer: string | undefined },
): ReadVex[] {
  if (typeof value !== 'object' || value === null) return []
  if ('bomFormat' in value && !('vulnerabilities' in value)) return []
  const origin = signer === undefined ? `attached ${digest}` : `attached ${digest}, signed by ${signer}`
  try {
    return [readVexValue(value, signer === undefined ? { origin } : { origin, signer })]
  } catch (error) {
    if (!(error instanceof TemperError)) throw error
    const document: VexDocument = { id: digest, format: 'openvex', origin, statements: [] }
    return [{ document, notes: [{ code: 'vex-unusable', message: error.message }] }]
  }
}
