import type { Tier } from '../../model/assess/assessment.ts'
import type { Level } from '../../model/rule.ts'
import type { GateExpression } from '../gate/rule.ts'

/** What a broken rule means to a policy: "error" refuses, "warning" and "note" are reported, "off" is ignored. */
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
  /** The level of rules that are not named: their own, or one for all of them. */
  readonly otherRules: 'own' | PolicyLevel
  /** By the id of the rule. */
  readonly rules: ReadonlyMap<string, RuleSetting>
  /** Conditions of the gate, by the level of what meets them. */
  readonly vulnerabilities: Readonly<Partial<Record<Level, readonly GateExpression[]>>>
  /** By kind of evidence. */
  readonly evidence: ReadonlyMap<string, PolicyLevel>
  readonly ownRules: readonly OwnRule[]
  readonly exceptions: readonly PolicyException[]
  readonly examples: readonly PolicyExample[]
}

export interface RuleSetting {
  /** Absent: the rule's own level. */
  readonly level?: PolicyLevel
  /** Parameters of the rule, by name. */
  readonly parameters: Readonly<Record<string, number>>
}

/** What an expression is evaluated for. */
export const expressionScopes = ['image', 'findings', 'secrets', 'violations'] as const
export type ExpressionScope = (typeof expressionScopes)[number]

/** A rule that a policy defines itself: an expression in CEL. */
export interface OwnRule {
  readonly id: string
  readonly level: PolicyLevel
  readonly title: string
  /** Evaluated for each of these, or once for the image as a whole. */
  readonly each: ExpressionScope
  /** The rule is broken where this is true. */
  readonly brokenWhen: string
  readonly fix: string
  /** "policy.yaml:12". */
  readonly origin: string
}

/** Something that a policy lets pass for a time; all of its patterns have to match. */
export interface PolicyException {
  /** Id of a rule, with * and ?. */
  readonly rule: string
  /** Id or alias of a finding. */
  readonly finding?: string
  /** Pattern for package names. */
  readonly package?: string
  /** Pattern for paths. */
  readonly path?: string
  /** Pattern for Kubernetes objects: "Deployment/web". */
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

/** What a policy should say about an image. */
export interface PolicyExample {
  readonly name: string
  /** Part of the input of a policy. */
  readonly input: Readonly<Record<string, unknown>>
  /** The day as of which ages and exceptions are judged, YYYY-MM-DD; absent: today. */
  readonly day?: string
  readonly expect: {
    readonly allowed: boolean
    /** Ids of the rules that refuse, each once; absent: any. */
    readonly reasons?: readonly string[]
    /** Ids of the rules for which something is waived; absent: any. */
    readonly waived?: readonly string[]
  }
  /** "policy.yaml:12". */
  readonly origin: string
}
