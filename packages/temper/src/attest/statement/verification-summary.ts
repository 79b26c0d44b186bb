import type { Digest } from '../../base/digest.ts'
import type { JsonObject } from '../../base/json/value.ts'
import { predicateTypes, type ResourceDescriptor, type Statement } from '../../model/attestation.ts'
import { digestSet, makeStatement } from './in-toto.ts'

/** The verifier id that is used when none was given. */
export const verifierId = 'urn:temper:verifier:unnamed'

/** The result of rebuilding an image. */
export interface RebuildSummary {
  /** The image, by its names where it has some. */
  readonly subjects: readonly ResourceDescriptor[]
  /** URI of the verifier. */
  readonly verifier: string
  readonly version: string
  /** RFC 3339. */
  readonly time: string
  /** Where the image is: a URI. */
  readonly resource: string
  /** The provenance that was followed. */
  readonly provenance: Digest
  readonly equal: boolean
}

/** The policy that a rebuild checks; see docs/reference/build-type.md. */
export const rebuildPolicy = 'urn:temper:policy:rebuild:v1'

/** Other levels have to be earned by whoever builds; equal bytes are a property of their own (SLSA VSA v1). */
const rebuiltLevel = 'TEMPER_REBUILT_IDENTICAL'

/** An SLSA verification summary (slsa.dev/verification_summary/v1): the verifier's statement of the result. */
export function rebuildSummary(summary: RebuildSummary): Statement {
  const { equal, verifier, version } = summary
  const predicate: JsonObject = {
    verifier: { id: verifier, version: { temper: version } },
    timeVerified: summary.time,
    resourceUri: summary.resource,
    policy: { uri: rebuildPolicy },
    inputAttestations: [{ digest: digestSet(summary.provenance) }],
    verificationResult: equal ? 'PASSED' : 'FAILED',
    verifiedLevels: equal ? ['SLSA_BUILD_LEVEL_1', rebuiltLevel] : ['FAILED'],
    slsaVersion: '1.0',
  }
  return makeStatement(summary.subjects, { predicateType: predicateTypes.vsa, predicate })
}

/** What a policy says about an image. */
export interface PolicySummary {
  /** The image, by its names where it has some. */
  readonly subjects: readonly ResourceDescriptor[]
  /** URI of the verifier. */
  readonly verifier: string
  readonly version: string
  /** RFC 3339. */
  readonly time: string
  /** Where the image is: a URI. */
  readonly resource: string
  /** Name of the policy. */
  readonly policy: string
  /** Digest of what the policy says, with everything that it extends. */
  readonly policyDigest: Digest
  readonly passed: boolean
  /** How hardened it is, where that is known: "hardened". */
  readonly tier?: string
}

/** A verification summary of what a policy says about an image. It claims no levels that only a builder can earn. */
export function policySummary(summary: PolicySummary): Statement {
  const { passed, policy, tier, verifier, version } = summary
  const levels = [
    `TEMPER_POLICY_${word(policy)}`,
    ...(tier === undefined ? [] : [`TEMPER_TIER_${word(tier)}`]),
  ]
  const predicate: JsonObject = {
    verifier: { id: verifier, version: { temper: version } },
    timeVerified: summary.time,
    resourceUri: summary.resource,
    policy: {
      uri: `urn:temper:policy:${encodeURIComponent(policy.toWellFormed())}`,
      digest: digestSet(summary.policyDigest),
    },
    verificationResult: passed ? 'PASSED' : 'FAILED',
    verifiedLevels: passed ? levels : ['FAILED'],
    slsaVersion: '1.0',
  }
  return makeStatement(summary.subjects, { predicateType: predicateTypes.vsa, predicate })
}

/** Levels are written in capitals, digits and underscores. */
function word(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')
}
