import type { Violation } from '../../model/rule.ts'
import type { PolicyException } from '../file/policy.ts'

/** Something that breaks a policy. */
export interface Reason extends Violation {
  /** Id, aliases and package of the finding that it is about: exceptions name them. */
  readonly finding?: { readonly ids: readonly string[]; readonly packages: readonly string[] }
  /** Object of Kubernetes or service that it is about: "Deployment/web". Absent: an image. */
  readonly object?: string
  /** True when it could not be judged: then nothing is known to be wrong, or right. */
  readonly unjudged?: true
}

/** Something that an exception lets pass. */
export interface Waiver {
  readonly reason: Reason
  readonly exception: PolicyException
}

/** What a policy says of an image. */
export interface Decision {
  readonly allowed: boolean
  /** Name of the policy. */
  readonly policy: string
  /** What refuses, most telling first. */
  readonly reasons: readonly Reason[]
  /** What does not refuse: warnings, then notes. */
  readonly remarks: readonly Reason[]
  readonly waived: readonly Waiver[]
  /** Exceptions that have ended, and would have let something pass. */
  readonly expired: readonly PolicyException[]
  /** Exceptions that fit nothing. */
  readonly unused: readonly PolicyException[]
}
