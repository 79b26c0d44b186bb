import { isOfType, wantedType } from '../../attest/statement/predicate-type.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { Statement } from '../../model/attestation.ts'
import type { ImagePlatform } from '../../model/platform.ts'
import type { Context } from '../context.ts'
import { type ImageSource, openImage } from '../image/source.ts'
import { chosenImage, imageTree } from '../image/tree.ts'
import { type Attached, judgeAttached } from '../trust/attached.ts'
import { judgeBeside } from '../trust/beside.ts'
import { admitted, trustsAnyone } from '../trust/image-trust.ts'
import { checkTrust, openTrust } from '../trust/open.ts'
import type { EvidenceRequest } from './list.ts'

export interface ProvenanceRequest extends EvidenceRequest {
  /** Which image of an index; absent: the index itself. */
  readonly platform?: ImagePlatform
}

export interface FoundProvenance {
  readonly reference: string
  /** What it is attached to. */
  readonly subject: Digest
  readonly statement: Statement
  /** Digest of the document that holds the statement. */
  readonly digest: Digest
  readonly verified: boolean
  readonly signers: readonly string[]
}

/**
 * The provenance of an image. If signers are trusted, only what they signed counts; else whatever is attached, which
 * then proves nothing. Throws `not-found` when there is none, `not-verified` when none is trusted.
 */
export async function provenance(request: ProvenanceRequest, context: Context): Promise<FoundProvenance> {
  await checkTrust(request, request.reference, context)
  const source = await openImage(request.reference, context)
  try {
    return await findProvenance(source, request, context)
  } finally {
    await source.store.close()
  }
}

/** The same in an open store. */
export async function findProvenance(
  { store, root, text, reference }: ImageSource,
  request: ProvenanceRequest,
  context: Context,
): Promise<FoundProvenance> {
  const trust = await openTrust(request, reference, context)
  const wanted = wantedType('provenance')
  const chosen = await chosenImage(store, root, request.platform)
  const places = chosen.digest === root.digest ? await imageTree(store, root) : [{ descriptor: chosen }]
  const keep = ({ type }: Pick<Attached, 'type'>) => isOfType(type, wanted)
  const options = { ...trust, keep }
  let refused: Attached | undefined
  // What a build tool put beside the image in its index comes last.
  const sources = [
    ...places.map(
      ({ descriptor }) =>
        () =>
          judgeAttached(store, descriptor, options),
    ),
    () => judgeBeside(store, root, options),
  ]
  for (const judge of sources) {
    const attached = (await judge()).filter(
      ({ subject }) => chosen.digest === root.digest || subject === chosen.digest,
    )
    const all = attached.filter(keep).map((each) => admitted(each, trust))
    const best = all.find((each) => each.verified) ?? all.find((each) => each.statement !== undefined)
    if (best?.statement !== undefined && (best.verified || !trustsAnyone(trust))) {
      const { statement, verified, signers, subject, document } = best
      const digest = document?.digest ?? best.digest
      return { reference: text, subject, statement, digest, verified, signers }
    }
    refused ??= best ?? all[0]
  }
  if (refused === undefined) {
    throw new TemperError('not-found', `${text} has no provenance attached`, {
      hint: 'Images that Temper builds have one. A copy keeps it when it is made with its evidence.',
    })
  }
  throw new TemperError('not-verified', `${text} has provenance, but it cannot be used: ${refused.reason}`, {
    details: { digest: refused.digest },
  })
}
