import type { RelaxableRule } from '../../model/recipe.ts'
import { type Fault, nodePlace, type Placed, type Rule, type Violation } from '../../model/rule.ts'
import type { ProofSubject } from './subject.ts'

/** The rules under which a tree is closed. The rule about what the recipe itself starts cannot be relaxed. */
export type ClosureRuleId =
  | 'missing-command'
  | Extract<RelaxableRule, 'missing-interpreter' | 'missing-library' | 'dangling-symlink' | 'unproved-plugin'>

/** What kind of thing is missing. */
export type NeedKind =
  | 'library'
  | 'version'
  | 'loader'
  | 'interpreter'
  | 'symlink'
  | 'plugin'
  | 'command'
  | 'machine'
  | 'damaged'

/** What is missing where a rule of closure is broken. */
export interface NeedFacts {
  readonly kind: NeedKind
  /** What is needed: "libz.so.1", "libc.so.6 (GLIBC_2.38)", "/usr/bin/python3". */
  readonly need: string
  /** The program through which the need arises, when it is another file than the one that needs it. */
  readonly neededBy?: string
  /** A package that has it and is not in the image. */
  readonly provider?: string
}

/**
 * Something that the finished tree needs and does not have. `subject` is what needs it: a file, or a part of the
 * recipe. Subject and `found` together make a sentence without a full stop.
 */
export type UnmetNeed = Violation<ClosureRuleId> & NeedFacts

/** A rule of closure: what every file of some kind needs has to be there. */
export type ClosureRule = Rule<ProofSubject, ClosureRuleId, NeedFacts>

/** What the code of such a rule yields. */
export type NeedFault = Fault & NeedFacts

interface FaultFacts {
  readonly kind: NeedKind
  /** What needs it: a node, or a part of the recipe. */
  readonly by: Placed | { readonly recipe: string }
  readonly need: string
  readonly neededBy?: string | undefined
  readonly provider?: string | undefined
  /** What is wrong, as a predicate of the subject: "needs the library …". */
  readonly found: string
}

export function unmetNeed({ by, neededBy, provider, ...facts }: FaultFacts): NeedFault {
  return {
    ...facts,
    ...('path' in by ? { place: nodePlace(by) } : { place: { kind: 'whole' }, subject: by.recipe }),
    ...(neededBy === undefined ? {} : { neededBy: `/${neededBy}` }),
    ...(provider === undefined ? {} : { provider, remedy: `add the package ${provider}, which has it` }),
  }
}
