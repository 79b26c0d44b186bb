import { isOfType, wantedType } from '../attest/predicate-type.ts'
import type { Digest } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { type Evidence, predicateTypes } from '../model/attestation.ts'
import type { Attached } from './attached.ts'
import type { Context } from './context.ts'
import type { TreeImage } from './image-tree.ts'
import { type EvidenceRequest, gatherEvidence, withoutDocument } from './list-evidence.ts'

export interface VerifyRequest extends EvidenceRequest {
  /** Short names or addresses of predicate types; none: a signature of the image. */
  readonly require: readonly string[]
}

export interface Requirement {
  /** Predicate type, or the beginning of one. */
  readonly type: string
  readonly verified: boolean
  /** Why, as a sentence without a full stop. */
  readonly reason: string
}

export interface Verification {
  readonly reference: string
  readonly subject: Digest
  readonly verified: boolean
  /** Ids of the trusted keys that vouch for what was required. */
  readonly signers: readonly string[]
  readonly required: readonly Requirement[]
  readonly evidence: readonly Evidence[]
}

/**
 * Whether trusted keys vouch for an image. Each required type has to be attached to the image itself, or to
 * every platform of an image for several. A signature has to be on the image itself: that of an index covers its
 * platforms, which it names by digest, but not the other way round.
 */
export async function verify(request: VerifyRequest, context: Context): Promise<Verification> {
  if (request.keys.length === 0) {
    throw new TemperError('bad-usage', 'verify: expected at least one public key to trust', {
      hint: 'Name it: temper verify REF --key cosign.pub',
    })
  }
  const types = request.require.length === 0 ? [predicateTypes.signature] : request.require.map(wantedType)
  const { reference, tree, attached } = await gatherEvidence(request, context)
  const judged = types.map((type) => judge(type, tree, attached))
  const signers = judged.flatMap(({ used }) => used).flatMap((each) => each.signers)
  return {
    reference,
    subject: tree[0].descriptor.digest,
    verified: judged.every(({ requirement }) => requirement.verified),
    signers: [...new Set(signers)].sort(),
    required: judged.map(({ requirement }) => requirement),
    evidence: attached.map(withoutDocument),
  }
}

function judge(
  type: string,
  [root, ...platforms]: readonly [TreeImage, ...TreeImage[]],
  attached: readonly Attached[],
): { readonly requirement: Requirement; readonly used: readonly Attached[] } {
  const ofType = attached.filter((each) => isOfType(each.type, type))
  const good = ofType.filter((each) => each.verified)
  const on = ({ descriptor }: TreeImage) => good.filter(({ subject }) => subject === descriptor.digest)
  const yes = (used: readonly Attached[], reason: string) => ({
    requirement: { type, verified: true, reason },
    used,
  })
  if (on(root).length > 0) return yes(on(root), 'signed with a trusted key')
  const missing = platforms.filter((platform) => on(platform).length === 0)
  if (type !== predicateTypes.signature && platforms.length > 0 && missing.length === 0)
    return yes(good, 'signed with a trusted key for each platform')
  return { requirement: { type, verified: false, reason: whyNot(ofType, root, missing) }, used: [] }
}

function whyNot(ofType: readonly Attached[], root: TreeImage, missing: readonly TreeImage[]): string {
  const refused = ofType.find((each) => !each.verified && each.subject === root.descriptor.digest)
  if (refused !== undefined) return refused.reason
  const other = ofType.find((each) => !each.verified)
  if (other !== undefined) return other.reason
  if (ofType.length === 0) return 'nothing of this type is attached to the image'
  return `the index has none, nor have ${missing.map(({ platform }) => platform).join(', ') || 'all platforms'}`
}
