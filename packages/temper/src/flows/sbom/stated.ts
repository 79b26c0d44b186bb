import { isOfType } from '../../attest/statement/predicate-type.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { type JsonObject, memberOf, textOf } from '../../base/json/value.ts'
import { printableJson } from '../../base/printable.ts'
import { predicateTypes } from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'
import { documentOfPredicate } from '../../sbom/read/envelope.ts'
import type { AttachedSbomFormat } from '../evidence/evidence-type.ts'
import type { ImageSource } from '../image/source.ts'
import { type Attached, judgeAttached } from '../trust/attached.ts'
import { judgeBeside } from '../trust/beside.ts'

const predicates = {
  'spdx-json': predicateTypes.spdxjson,
  'cyclonedx-json': predicateTypes.cyclonedx,
} as const

const nobody = { keys: [], identities: [] }

/**
 * The bill of materials of an image that stands in a statement about it: an attached one, else one that a build tool put
 * into the index beside it. Its signature, if there is one, is not asked for.
 */
export async function statedSbom(
  { store, root }: ImageSource,
  image: Descriptor,
  format: AttachedSbomFormat,
): Promise<{ readonly digest: Digest; readonly text: string } | undefined> {
  const keep = ({ type }: Pick<Attached, 'type'>) => isOfType(type, predicates[format])
  const stated = (attached: readonly Attached[]) =>
    attached.filter(
      ({ subject, statement }) => subject === image.digest && documentOf(statement) !== undefined,
    )
  const options = { trust: nobody, keep }
  const attached = stated(await judgeAttached(store, image, options))
  const all = attached.length > 0 ? attached : stated(await judgeBeside(store, root, options))
  const chosen = all.find(({ statement }) => !isOfStage(statement)) ?? all[0]
  if (chosen === undefined) return undefined
  return { digest: chosen.digest, text: `${printableJson(documentOf(chosen.statement))}\n` }
}

/** Undefined for a statement that holds none. */
function documentOf(statement: Attached['statement']): JsonObject | undefined {
  try {
    return documentOfPredicate(statement?.predicate, 'a statement about the image')
  } catch (error) {
    if (error instanceof TemperError) return undefined
    throw error
  }
}

/**
 * Whether it describes a stage of the build, not the image: BuildKit puts those beside the image's own, each named by
 * its stage, and the order is that of their file names (buildkit, frontend/attestations/sbom).
 */
function isOfStage(statement: Attached['statement']): boolean {
  const name = textOf(memberOf(documentOf(statement), 'name')) ?? ''
  return /(?:^|\/)sbom-[^/]*$/.test(name)
}
