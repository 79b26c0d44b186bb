import type { PublishingPolicy } from '../assess/before-tag.ts'
import { gateBeforeTag, type TagCandidate } from '../assess/before-tag.ts'
import type { GateJson } from '../assess/gate-json.ts'
import type { Context } from '../context.ts'
import { beforeSigning } from './gate.ts'

/**
 * Judges an image that nobody has signed yet, by all of a policy that can be judged then: for whoever signs what somebody else built.
 * Throws `gate-refused`.
 */
export async function gateUnsigned(
  candidate: TagCandidate,
  by: PublishingPolicy,
  context: Context,
): Promise<GateJson> {
  return await gateBeforeTag(candidate, { ...by, policy: beforeSigning(by.policy) }, context)
}
