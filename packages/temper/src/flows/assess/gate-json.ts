import { placePath } from '../../model/rule.ts'
import type { Reason, Waiver } from '../../policy/decide/decision.ts'
import type { PolicyException } from '../../policy/file/policy.ts'
import { type GatedImage, type GateOutcome, merged, type OfPlatforms } from './gate.ts'

/** Why a policy refuses, or what it reports, as JSON. */
export interface ReasonJson {
  readonly rule: string
  readonly level: Reason['level']
  readonly subject: string
  readonly found: string
  readonly remedy: string
  readonly path?: string
  /** Diff id. */
  readonly layer?: string
  /** Set when it could not be judged. */
  readonly judged?: false
  /** Absent when it applies to all platforms. */
  readonly platforms?: readonly string[]
}

export interface WaiverJson {
  readonly rule: string
  readonly owner: string
  readonly reason: string
  /** Last day, YYYY-MM-DD. */
  readonly until: string
  readonly subject: string
  readonly found: string
}

export interface ExceptionJson extends Pick<PolicyException, 'rule' | 'owner' | 'reason'> {
  /** Last day, YYYY-MM-DD. */
  readonly until: string
  /** "policy.yaml:12". */
  readonly place: string
}

/** The gate's decision as JSON. */
export interface GateJson {
  readonly allowed: boolean
  readonly policy: string
  readonly policyDigest: string
  readonly reference: string
  readonly digest: string
  readonly platforms: readonly {
    readonly platform: string
    readonly digest: string
    readonly allowed: boolean
  }[]
  readonly reasons: readonly ReasonJson[]
  /** Warnings and notes, which do not refuse. */
  readonly remarks: readonly ReasonJson[]
  readonly waived: readonly WaiverJson[]
  /** Expired exceptions that match something; they do not count. */
  readonly expired: readonly ExceptionJson[]
  /** Exceptions that match nothing. */
  readonly unused: readonly ExceptionJson[]
}

export function gateJson(outcome: GateOutcome): GateJson {
  const { images, allowed, policy, policyDigest, reference, digest } = outcome
  const platforms = [...Map.groupBy(images, ({ platform }) => platform).values()]
  const reasons = (of: (image: GatedImage) => readonly Reason[]) =>
    merged(images, of).map((each) => reasonJson(each, platforms.length))
  return {
    allowed,
    policy,
    policyDigest,
    reference,
    digest,
    platforms: platforms.flatMap((same) =>
      same.slice(0, 1).map(({ platform, digest: own }) => ({
        platform,
        digest: own,
        allowed: same.every((each) => each.allowed),
      })),
    ),
    reasons: reasons((image) => image.reasons),
    remarks: reasons((image) => image.remarks),
    waived: merged(images, (image) => image.waived).map(({ item }) => waiverJson(item)),
    expired: merged(images, (image) => image.expired).map(({ item }) => exceptionJson(item)),
    unused: merged(images, (image) => image.unused)
      .filter((each) => each.platforms.length === platforms.length)
      .map(({ item }) => exceptionJson(item)),
  }
}

function reasonJson({ item, platforms }: OfPlatforms<Reason>, of: number): ReasonJson {
  const { rule, level, subject, found, remedy, place, unjudged } = item
  const path = placePath(place)
  const layer = 'layer' in place ? place.layer : undefined
  return {
    rule,
    level,
    subject,
    found,
    remedy,
    ...(path === undefined ? {} : { path }),
    ...(layer === undefined ? {} : { layer }),
    ...(unjudged === undefined ? {} : { judged: false }),
    ...(platforms.length === of ? {} : { platforms }),
  }
}

function waiverJson({ reason: { rule, subject, found }, exception }: Waiver): WaiverJson {
  const { owner, reason, expires } = exception
  return { rule, owner, reason, until: expires, subject, found }
}

function exceptionJson({ rule, owner, reason, expires, origin }: PolicyException): ExceptionJson {
  return { rule, owner, reason, until: expires, place: origin }
}
