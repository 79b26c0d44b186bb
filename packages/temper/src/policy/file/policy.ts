import type { Tier } from '../../model/assess/assessment.ts'
import type { Level } from '../../model/rule.ts'
import type { GateExpression } from '../gate/rule.ts'

/** What a broken rule means to a policy: "error" refuses, "warning" and "note" are told, "off" is not. */
export const policyLevels = ['off', 'note', 'warning', 'error'] as const
export type PolicyLevel = (typeof policyLevels)[number]

/** A policy as a whole, with what it extends. */
export interface Policy {
  readonly name: string
  readonly description: string
  /** Names of what it extends, nearest first. */
  readonly extends: readonly string[]
  /** Patterns of repositories that it is for; none: all. */
  readonly images: readonly string[]
  readonly tier?: Tier
  /** What a rule means that is not named: the rule's own level, or one for all. */
  readonly otherRules: 'own' | PolicyLevel
  /** By the id of the rule. */
  readonly rules: ReadonlyMap<string, RuleSetting>
  /** Conditions of the gate, by what meeting one of them means. */
  readonly vulnerabilities: Readonly<Partial<Record<Level, readonly GateExpression[]>>>
  /** By kind of evidence. */
  readonly evidence: ReadonlyMap<string, PolicyLevel>
  readonly ownRules: readonly OwnRule[]
  readonly exceptions: readonly PolicyException[]
  readonly examples: readonly PolicyExample[]
}

export interface RuleSetting {
  /** Absent: the rule's own. */
  readonly level?: PolicyLevel
  /** Values that the rule takes, by their names. */
  readonly parameters: Readonly<Record<string, number>>
}

/** What an expression is asked of. */
export const expressionScopes = ['image', 'findings', 'secrets', 'violations'] as const
export type ExpressionScope = (typeof expressionScopes)[number]

/** A rule that a policy brings: an expression in CEL. */
export interface OwnRule {
  readonly id: string
  readonly level: PolicyLevel
  readonly title: string
  /** Of each of these, or of the image as a whole. */
  readonly each: ExpressionScope
  /** Broken where this is true. */
  readonly brokenWhen: string
  readonly fix: string
  /** "policy.yaml:12". */
  readonly origin: string
}

/** Something that a policy lets pass for a time; all of its patterns have to fit. */
export interface PolicyException {
  /** Id of a rule, with * and ?. */
  readonly rule: string
  /** Id or alias of a finding. */
  readonly finding?: string
  /** Pattern of names of packages. */
  readonly package?: string
  /** Pattern of paths. */
  readonly path?: string
  /** Pattern of objects that files for clusters have: "Deployment/web". */
  readonly object?: string
  /** Patterns of repositories; none: all. */
  readonly images: readonly string[]
  readonly owner: string
  readonly reason: string
  /** Last day on which it counts, YYYY-MM-DD (UTC). */
  readonly expires: string
  /** "policy.yaml:12". */
  readonly origin: string
}

/** What a policy should say of an image. */
export interface PolicyExample {
  readonly name: string
  /** Of a policy, in part. */
  readonly input: Readonly<Record<string, unknown>>
  /** The day that ages and exceptions are counted to, YYYY-MM-DD; absent: today. */
  readonly day?: string
  readonly expect: {
    readonly allowed: boolean
    /** Ids of the rules that refuse, each once; absent: whichever. */
    readonly reasons?: readonly string[]
    /** Ids of the rules of which something is let pass; absent: whichever. */
    readonly waived?: readonly string[]
  }
  /** "policy.yaml:12". */
  readonly origin: string
}
