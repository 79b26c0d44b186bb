import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import type { Reference } from '../../model/reference.ts'
import type { Policy } from '../../policy/file/policy.ts'
import type { Context } from '../context.ts'
import type { ScanRules } from '../scan/result.ts'
import type { TrustRequest } from '../trust/open.ts'
import { type GateOutcome, gate } from './gate.ts'
import { type GateJson, gateJson, type ReasonJson } from './gate-json.ts'

/** The policy and the inputs that decide whether an image is published. */
export interface PublishingPolicy {
  readonly policy: Policy
  /** Which feeds, VEX documents and ignore rules count. */
  readonly scan?: Omit<ScanRules, 'failOn'>
  /** Whom to trust about what is attached; default: the person's trust settings. */
  readonly trust?: TrustRequest
}

/** An image that is about to get a tag. */
export interface TagCandidate {
  /** Where it is now. */
  readonly reference: Reference
  /** Digest of its manifest or index, since the published image has to be the judged one. */
  readonly digest: string
  /** Repositories that it will be in: the policy's patterns are compared with each. */
  readonly repositories: readonly string[]
  /** The state of the image so far, for the error: "it was built, but is not signed and not published". */
  readonly state: string
}

/** Most reasons that an error tells. */
const most = 20

/** Judges an image before it gets its tag. Throws `gate-refused` with the reasons; returns the gate's decision. */
export async function gateBeforeTag(
  { reference, digest, repositories, state }: TagCandidate,
  { policy, scan, trust }: PublishingPolicy,
  context: Context,
): Promise<GateJson> {
  const request = {
    reference,
    policy,
    ...(scan === undefined ? {} : { scan }),
    ...(trust === undefined ? {} : { trust }),
    ...(repositories.length === 0 ? {} : { repositories }),
  }
  const outcome = await gate(request, context)
  if (outcome.digest !== digest) throw changed(outcome, digest)
  const json = gateJson(outcome)
  if (!outcome.allowed) throw refusal(json, state)
  return json
}

function changed({ reference, digest }: GateOutcome, expected: string): TemperError {
  return new TemperError(
    'digest-mismatch',
    `${reference} was ${expected}, and changed to ${digest} while it was being judged`,
    {
      hint: 'Name the image by its digest.',
    },
  )
}

function refusal(gate: GateJson, state: string): TemperError {
  const lines = [...new Set(gate.reasons.map(lineOf))]
  const shown = lines.slice(0, most)
  if (lines.length > shown.length) shown.push(`  and ${lines.length - shown.length} more`)
  return new TemperError(
    'gate-refused',
    `The policy ${gate.policy} refuses the image: ${state}:\n${shown.join('\n')}`,
    { details: { gate } },
  )
}

function lineOf({ rule, subject, found, remedy, judged }: ReasonJson): string {
  const about = judged === false || found.includes(subject) ? found : `${subject}: ${found}`
  return `  ${rule}: ${printableLine(about)}; ${printableLine(remedy)}`
}
