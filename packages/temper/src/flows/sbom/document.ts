import { temperVersion } from '../../base/version.ts'
import type { SbomSubject } from '../../model/sbom.ts'
import { cycloneDxPieces } from '../../sbom/cyclonedx/cyclonedx.ts'
import { describeInventory } from '../../sbom/describe/inventory.ts'
import { wholeText } from '../../sbom/json-pieces.ts'
import { spdxPieces } from '../../sbom/spdx/spdx.ts'
import { spdx3Pieces } from '../../sbom/spdx3/spdx3.ts'
import type { Context } from '../context.ts'
import type { SbomFormat } from '../evidence/evidence-type.ts'
import type { TargetInventory } from '../inventory/target-inventory.ts'

const writers = {
  'spdx-json': spdxPieces,
  'cyclonedx-json': cycloneDxPieces,
  'spdx3-json': spdx3Pieces,
} as const

/** The text of a document, which may be longer than one string can be. */
export interface DocumentText {
  readonly pieces: Iterable<string>
  /** Throws `limit-exceeded` when it is too long for that. */
  readonly text: string
}

/** The document about an inventory. It depends only on that and Temper's version, not on a clock. */
export function sbomPieces(
  inventoried: TargetInventory,
  format: SbomFormat,
  context: Pick<Context, 'sourceDateEpoch'>,
): Iterable<string> {
  const generator = { name: 'temper', version: temperVersion() }
  const described = describeInventory(inventoried.inventory, {
    generator,
    subject: subjectOf(inventoried, context),
  })
  // Anew each time that somebody asks for it.
  return { [Symbol.iterator]: () => writers[format](described)[Symbol.iterator]() }
}

/** What is known of a document, with its text. */
export function withText<T extends object>(facts: T, pieces: Iterable<string>): T & DocumentText {
  return {
    ...facts,
    pieces,
    get text() {
      return wholeText(pieces)
    },
  }
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
