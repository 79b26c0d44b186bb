import type { Graded } from '../../model/assess/assessment.ts'
import { defineRule, type Fault, type Rule, type RuleDefinition } from '../../model/rule.ts'
import type { ImageSubject, Part } from './subject.ts'

/** A subject that has these parts. */
export type With<P extends Part> = ImageSubject & { readonly [K in P]-?: NonNullable<ImageSubject[K]> }

/** A rule over anybody's image. */
export interface ImageRule extends Rule<ImageSubject>, Graded {
  /** Without these parts it cannot be checked; `check` is not called then. */
  readonly needs: readonly Part[]
}

export interface ImageRuleDefinition<P extends Part>
  extends Omit<RuleDefinition<ImageSubject, string, object>, 'check'>,
    Graded {
  readonly needs?: readonly P[]
  check(subject: With<P>): Iterable<Fault>
}

/** Makes a rule over images, whoever built them. */
export function imageRule<const P extends Part = never>({
  needs = [],
  check,
  ...definition
}: ImageRuleDefinition<P>): ImageRule {
  const { aspect, tier } = definition
  const rule = defineRule<ImageSubject>({
    ...definition,
    *check(subject) {
      if (hasParts(subject, needs)) yield* check(subject)
    },
  })
  return { ...rule, aspect, tier, needs }
}

export function hasParts<P extends Part>(subject: ImageSubject, needs: readonly P[]): subject is With<P> {
  return needs.every((part) => subject[part] !== undefined)
}
