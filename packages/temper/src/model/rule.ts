import type { Digest } from '../base/digest.ts'
import type { Severity } from './advisory/advisory.ts'

/** How much a broken rule matters, worst first; the words of SARIF 2.1.0 (section 3.27.10). */
export const levels = ['error', 'warning', 'note'] as const
export type Level = (typeof levels)[number]

/** A requirement of a framework that a rule is evidence for. */
export interface Control {
  /** Id of the framework and its edition: "nist-800-53-r5". */
  readonly framework: string
  /** The identifier as the framework writes it: "CM-7". */
  readonly id: string
}

/** Where a rule is broken. Paths are absolute in what was judged; layers are named by their diff id. */
export type Place =
  | { readonly kind: 'path'; readonly path: string; readonly layer?: Digest }
  | {
      readonly kind: 'span'
      /** An absolute path in an image, or a file as the person named it. */
      readonly file: string
      /** From 1. */
      readonly line: number
      /** From 1. */
      readonly column: number
      readonly layer?: Digest
    }
  | { readonly kind: 'layer'; readonly layer: Digest }
  | {
      readonly kind: 'package'
      readonly name: string
      readonly version: string
      readonly purl: string
      /** Path of the file that shows that the package is there. */
      readonly path?: string
    }
  | { readonly kind: 'whole' }

/** One place where a rule is broken. It has the same form for every kind of rule, in memory and as JSON. */
export interface Violation<Id extends string = string> {
  /** Id of the rule. */
  readonly rule: Id
  readonly level: Level
  /** What breaks the rule, in as few words as possible: "/usr/bin/bash", "openssl 3.0.11-1", "debian 10". */
  readonly subject: string
  readonly place: Place
  /** What was found there, as a phrase: "setuid (mode 4755)". */
  readonly found: string
  /** What to do about it, as a phrase. */
  readonly remedy: string
}

/**
 * A statement that can be checked against a subject: a finished tree, a text, a package, the result of a scan. `More`
 * is what the violations of one kind of rule say besides.
 */
export interface Rule<Subject, Id extends string = string, More extends object = object> {
  /** Stable: recipes, policies and scripts name it. */
  readonly id: Id
  /** The statement itself: "No shell". */
  readonly title: string
  /** Why it matters, in sentences. */
  readonly why: string
  /** What to do when it is broken, as a phrase that fits wherever it is. */
  readonly fix: string
  readonly controls: readonly Control[]
  readonly level: Level
  check(subject: Subject): Iterable<Violation<Id> & More>
}

/** What the code of a rule reports about a place; the rule adds the rest. */
export interface Fault {
  readonly place: Place
  readonly found: string
  /** Default: the place in words. */
  readonly subject?: string
  /** Default: the rule's fix. */
  readonly remedy?: string
  /** Default: the rule's level. */
  readonly level?: Level
}

/** A rule as it is defined; controls may be left out. */
export interface RuleDefinition<Subject, Id extends string, More extends object>
  extends Omit<Rule<Subject, Id, More>, 'controls' | 'check'> {
  readonly controls?: readonly Control[]
  check(subject: Subject): Iterable<Fault & More>
}

/** Makes a rule whose violations have its id, and its level and fix unless they have their own. */
export function defineRule<Subject, Id extends string = string, More extends object = object>({
  check,
  controls = [],
  ...rule
}: RuleDefinition<Subject, Id, More>): Rule<Subject, Id, More> {
  return {
    ...rule,
    controls,
    *check(subject) {
      for (const fault of check(subject))
        yield {
          level: rule.level,
          subject: placeText(fault.place),
          remedy: rule.fix,
          ...fault,
          rule: rule.id,
        }
    },
  }
}

/** A short text for a place. */
export function placeText(place: Place): string {
  switch (place.kind) {
    case 'path':
      return place.path
    case 'span':
      return `${place.file}:${place.line}:${place.column}`
    case 'layer':
      return `layer ${place.layer}`
    case 'package':
      return `${place.name} ${place.version}`.trimEnd()
    case 'whole':
      return 'the whole'
  }
}

/** Something that has a place in a tree of files: a path without leading slash, and the layer that brought it. */
export interface Placed {
  readonly path: string
  readonly layer?: { readonly diffId: Digest }
}

/** The place of a node of a tree. */
export function nodePlace({ path, layer }: Placed): Place {
  return { kind: 'path', path: absolutePath(path), ...(layer === undefined ? {} : { layer: layer.diffId }) }
}

export function absolutePath(path: string): string {
  return `/${path.replace(/^\/+/, '')}`
}

/** The path that a place has, where it has one. */
export function placePath(place: Place): string | undefined {
  if (place.kind === 'path' || place.kind === 'package') return place.path
  return place.kind === 'span' ? place.file : undefined
}

/** The level of each severity; an unknown one counts as a warning. */
export const severityLevels: Readonly<Record<Severity, Level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  negligible: 'note',
  unknown: 'warning',
}
