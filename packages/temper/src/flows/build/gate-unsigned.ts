import type { PublishingPolicy } from '../assess/before-tag.ts'
import { gateBeforeTag, type TagCandidate } from '../assess/before-tag.ts'
import type { GateJson } from '../assess/gate-json.ts'
import type { Context } from '../context.ts'
import { beforeSigning } from './gate.ts'

/**
 * Judges an unsigned image by every part of a policy that can be judged before signing: for signers of images that
 * somebody else built. Throws `gate-refused`.
 */
export async function gateUnsigned(
  candidate: TagCandidate,
  by: PublishingPolicy,
  context: Context,
): Promise<GateJson> {
  return await gateBeforeTag(candidate, { ...by, policy: beforeSigning(by.policy) }, context)
}
