import { temperVersion } from '../../base/version.ts'
import type { SbomSubject } from '../../model/sbom.ts'
import { writeCycloneDx } from '../../sbom/cyclonedx/cyclonedx.ts'
import { describeInventory } from '../../sbom/describe/inventory.ts'
import { writeSpdx } from '../../sbom/spdx/spdx.ts'
import { writeSpdx3 } from '../../sbom/spdx3/spdx3.ts'
import type { Context } from '../context.ts'
import type { SbomFormat } from '../evidence/evidence-type.ts'
import type { TargetInventory } from '../inventory/target-inventory.ts'

const writers = {
  'spdx-json': writeSpdx,
  'cyclonedx-json': writeCycloneDx,
  'spdx3-json': writeSpdx3,
} as const

/** The document about an inventory. It depends only on that and Temper's version, not on a clock. */
export function sbomText(
  inventoried: TargetInventory,
  format: SbomFormat,
  context: Pick<Context, 'sourceDateEpoch'>,
): string {
  const generator = { name: 'temper', version: temperVersion() }
  return writers[format](
    describeInventory(inventoried.inventory, { generator, subject: subjectOf(inventoried, context) }),
  )
}

function subjectOf(
  inventoried: TargetInventory,
  { sourceDateEpoch }: Pick<Context, 'sourceDateEpoch'>,
): SbomSubject {
  const { kind, digest, inventory } = inventoried
  return {
    kind: kind === 'sbom' ? 'document' : kind,
    name: inventoried.title ?? inventoried.name,
    ...(digest === undefined ? {} : { digest }),
    ...(inventory.architecture === undefined ? {} : { architecture: inventory.architecture }),
    created: utc(inventoried.created) ?? utc(sourceDateEpoch ?? 0) ?? '',
  }
}

/** RFC 3339 in UTC without fractions, as SPDX demands (SPDX 2.3, 6.9); undefined for what is no time. */
function utc(time: string | number | undefined): string | undefined {
  if (time === undefined) return undefined
  const milliseconds = typeof time === 'number' ? time * 1000 : Date.parse(time)
  if (!(Math.abs(milliseconds) <= 8.64e15)) return undefined
  const text = new Date(milliseconds).toISOString()
  return text.length === 24 ? text.replace(/\.\d{3}Z$/, 'Z') : undefined
}
