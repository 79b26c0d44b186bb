import { isOfType, wantedType } from '../../attest/statement/predicate-type.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { expiresKey, isExpired } from '../../model/assess/companion.ts'
import { type Evidence, predicateTypes } from '../../model/attestation.ts'
import { formatReference } from '../../oci/reference.ts'
import type { Context } from '../context.ts'
import type { TreeImage } from '../image/tree.ts'
import type { Attached } from '../trust/attached.ts'
import { trustsAnyone } from '../trust/image-trust.ts'
import { checkTrust } from '../trust/open.ts'
import { type EvidenceRequest, gatherEvidence, withoutDocument } from './list.ts'

export interface VerifyRequest extends EvidenceRequest {
  /** Short names or addresses of predicate types; none: what the trust file asks for, else a signature. */
  readonly require: readonly string[]
  /** Whether each platform has to have what is required too, besides the image itself. */
  readonly recursive?: boolean
}

export interface EvidenceRequirement {
  /** Predicate type, or the beginning of one. */
  readonly type: string
  readonly verified: boolean
  /** Why, as a sentence without a full stop. */
  readonly reason: string
}

/** Whether what is required is attached to one manifest itself. */
export interface VerifiedImage {
  readonly digest: Digest
  /** "linux/amd64"; absent for the index or the only image. */
  readonly platform?: string
  readonly verified: boolean
}

export interface Verification {
  readonly reference: string
  readonly subject: Digest
  readonly verified: boolean
  /** Patterns of the rule of the trust file that decided. */
  readonly rule?: string
  /** Ids of the trusted keys, and the trusted identities, that vouch for what was required. */
  readonly signers: readonly string[]
  readonly required: readonly EvidenceRequirement[]
  /** The image, then each of its platforms. */
  readonly images: readonly VerifiedImage[]
  readonly evidence: readonly Evidence[]
}

/**
 * Whether a trusted signer vouches for an image. Each required type has to be attached to the image itself, or to
 * every platform of an image for several; `recursive` asks for both. A signature has to be on the image itself: that
 * of an index covers its platforms, which it names by digest, but not the other way round. Throws `bad-usage` when
 * nobody is trusted, `not-verified` when no rule of the trust file matches.
 */
export async function verify(request: VerifyRequest, context: Context): Promise<Verification> {
  // What is asked for is checked before a registry is: a typing error costs no network.
  const trust = await checkTrust(request, request.reference, context)
  if (!trustsAnyone(trust)) throw await nobody(request, context)
  const asked =
    request.require.length > 0
      ? request.require.map(wantedType)
      : trust.require.length > 0
        ? trust.require.map(({ type }) => type)
        : [predicateTypes.signature]
  // A name is in the signature: asking for one asks for the other.
  const types = trust.name === undefined ? asked : [predicateTypes.signature, ...asked]
  const every = request.recursive === true
  const { reference, tree, attached, expires } = await gatherEvidence(request, context)
  const judged = [
    ...[...new Set(types)].map((type) => judge({ type, every }, tree, attached)),
    ...expires.filter((day) => isExpired(day, context.now())).map(isOver),
  ]
  const signers = judged.flatMap(({ used }) => used).flatMap((each) => each.signers)
  return {
    reference,
    subject: tree[0].descriptor.digest,
    verified: judged.every(({ requirement }) => requirement.verified),
    ...(trust.rule === undefined ? {} : { rule: trust.rule }),
    signers: [...new Set(signers)].sort(),
    required: judged.map(({ requirement }) => requirement),
    images: tree.map(({ descriptor: { digest }, platform }) => ({
      digest,
      ...(platform === undefined ? {} : { platform }),
      verified: types.every((type) =>
        attached.some(
          (each) =>
            each.verified &&
            each.denial === undefined &&
            each.subject === digest &&
            isOfType(each.type, type),
        ),
      ),
    })),
    evidence: attached.map(withoutDocument),
  }
}

/** Whoever signed it said until when it may be used. */
function isOver(day: string): ReturnType<typeof judge> {
  const reason = `the image could be used until ${day}`
  return { requirement: { type: expiresKey, verified: false, reason }, used: [] }
}

async function nobody(request: VerifyRequest, context: Context): Promise<TemperError> {
  const policy = await (request.trust ?? context.trust)?.()
  if (policy !== undefined) {
    return new TemperError(
      'not-verified',
      `No rule of the trust file ${policy.name} fits ${formatReference(request.reference)}`,
      {
        hint: 'Without a rule no signer is trusted for an image.',
        next: { action: 'add-trust-rule' },
      },
    )
  }
  return new TemperError('bad-usage', 'verify: expected a key, an identity or a trust file', {
    next: { action: 'name-trusted' },
  })
}

function judge(
  { type, every }: { readonly type: string; readonly every: boolean },
  [root, ...platforms]: readonly [TreeImage, ...TreeImage[]],
  attached: readonly Attached[],
): { readonly requirement: EvidenceRequirement; readonly used: readonly Attached[] } {
  const ofType = attached.filter((each) => isOfType(each.type, type))
  const good = ofType.filter((each) => each.verified && each.denial === undefined)
  const on = ({ descriptor }: TreeImage) => good.filter(({ subject }) => subject === descriptor.digest)
  const yes = (used: readonly Attached[], reason: string) => ({
    requirement: { type, verified: true, reason },
    used,
  })
  const missing = platforms.filter((platform) => on(platform).length === 0)
  const [first] = on(root)
  if (first !== undefined && !every) return yes(on(root), first.reason)
  if (first !== undefined && missing.length === 0)
    return yes(good, `${first.reason}, and so is each platform`)
  if (!every && type !== predicateTypes.signature && platforms.length > 0 && missing.length === 0)
    return yes(good, `${good[0]?.reason ?? 'signed'} for each platform`)
  const lacking = first === undefined ? [root, ...missing] : missing
  return { requirement: { type, verified: false, reason: whyNot(ofType, lacking) }, used: [] }
}

/** The reason that is nearest to the image: why its own evidence does not count, else that of a platform. */
function whyNot(ofType: readonly Attached[], lacking: readonly TreeImage[]): string {
  for (const { descriptor } of lacking) {
    const refused = ofType.find((each) => each.subject === descriptor.digest)
    if (refused !== undefined) return refused.denial ?? refused.reason
  }
  if (ofType.length === 0) return 'nothing of this type is attached to the image'
  const names = lacking.map(({ platform }) => platform ?? 'the image itself')
  return `nothing of this type is attached to ${names.join(', ')}`
}
