import type { Violation } from '../../model/rule.ts'
import type { PolicyException } from '../file/policy.ts'

/** Something that breaks a policy. */
export interface Reason extends Violation {
  /** Id, aliases and package of the finding that it is about, which exceptions name. */
  readonly finding?: { readonly ids: readonly string[]; readonly packages: readonly string[] }
  /** Kubernetes object or service that it is about: "Deployment/web". Absent when it is about an image. */
  readonly object?: string
  /** True when it could not be judged, so that it is not known to be wrong or right. */
  readonly unjudged?: true
}

/** Something that an exception lets pass. */
export interface Waiver {
  readonly reason: Reason
  readonly exception: PolicyException
}

/** What a policy says about an image. */
export interface Decision {
  readonly allowed: boolean
  /** Name of the policy. */
  readonly policy: string
  /** What refuses the image, most telling first. */
  readonly reasons: readonly Reason[]
  /** What does not refuse the image: warnings, then notes. */
  readonly remarks: readonly Reason[]
  readonly waived: readonly Waiver[]
  /** Expired exceptions that would have let something pass. */
  readonly expired: readonly PolicyException[]
  /** Exceptions that match nothing. */
  readonly unused: readonly PolicyException[]
}
