import type { Graded } from '../../model/assess/assessment.ts'
import type { Setting } from '../../model/assess/setting.ts'
import { defineRule, type Fault, type Rule, type RuleDefinition, type Violation } from '../../model/rule.ts'
import type { ImageSubject, Part } from './subject.ts'

/** A subject that has these parts. */
export type With<P extends Part> = ImageSubject & { readonly [K in P]-?: NonNullable<ImageSubject[K]> }

/** Numeric parameters of a rule, by name. */
export type RuleParameters = Readonly<Record<string, number>>

/** Values for the parameters of a rule, by name. */
export type TakenParameters = Readonly<Record<string, { readonly about: string; readonly default: number }>>

/** A rule over anybody's image. */
export interface ImageRule extends Omit<Rule<ImageSubject>, 'check'>, Graded {
  /** Absent when the rule has none. */
  readonly parameters?: TakenParameters
  /** Parameters that are not given have the rule's default. */
  check(subject: ImageSubject, given?: RuleParameters): Iterable<Violation>
  /** Parts that the subject needs for the rule to be checked; without them `check` is not called. */
  readonly needs: readonly Part[]
  /** The setting that it is about, if any: a finding is fixed on the line that sets it. */
  readonly setting?: Setting
}

export interface ImageRuleDefinition<P extends Part, T extends TakenParameters>
  extends Omit<RuleDefinition<ImageSubject, string, object>, 'check'>,
    Graded {
  readonly needs?: readonly P[]
  readonly parameters?: T
  readonly setting?: Setting
  check(subject: With<P>, parameters: { readonly [Name in keyof T]: number }): Iterable<Fault>
}

/** Makes a rule over images, whoever built them. */
export function imageRule<
  const P extends Part = never,
  const T extends TakenParameters = Record<never, never>,
>({ needs = [], parameters, setting, check, ...definition }: ImageRuleDefinition<P, T>): ImageRule {
  const { aspect, tier } = definition
  const taken: TakenParameters = parameters ?? {}
  const own = Object.entries(taken).map(([name, each]) => [name, each.default] as const)
  const ruleWith = (given: RuleParameters) =>
    defineRule<ImageSubject>({
      ...definition,
      *check(subject) {
        if (!hasParts(subject, needs)) return
        const values = Object.fromEntries(own.map(([name, value]) => [name, given[name] ?? value]))
        yield* check(subject, values as { readonly [Name in keyof T]: number })
      },
    })
  const { check: _, ...rule } = ruleWith({})
  return {
    ...rule,
    aspect,
    tier,
    needs,
    ...(parameters === undefined ? {} : { parameters }),
    ...(setting === undefined ? {} : { setting }),
    check: (subject, given = {}) => ruleWith(given).check(subject),
  }
}

export function hasParts<P extends Part>(subject: ImageSubject, needs: readonly P[]): subject is With<P> {
  return needs.every((part) => subject[part] !== undefined)
}
