import type { Severity } from '../../model/advisory/advisory.ts'
import {
  absolutePath,
  defineRule,
  type Fault,
  type Rule,
  severityLevels,
  type Violation,
} from '../../model/rule.ts'
import { excerptOf, positionOf } from './excerpt.ts'

/** A file's text, decoded as Latin-1: one character a byte. */
export interface SearchedText {
  /** Without leading slash. */
  readonly path: string
  readonly text: string
}

/** What a secret's violation says besides. Nothing of it holds the secret itself. */
export interface SecretFacts {
  readonly title: string
  readonly severity: Severity
  /** From 1. */
  readonly line: number
  /** The line with the secret replaced, cut to what a report can show. */
  readonly excerpt: string
}

/** A secret in a text, without the secret. */
export type SecretHit = Violation & SecretFacts

/** What recognises one kind of secret in text. */
export interface SecretPattern {
  readonly severity: Severity
  /** One of these stands in every text that the pattern can match: looked for before the pattern is tried. */
  readonly keywords: readonly string[]
  /**
   * Global. What the group named "secret" matches is the secret, else the whole match. Patterns take bounded time:
   * no repetition stands inside another or beside one that matches the same.
   */
  readonly pattern: RegExp
  /** Only files at such paths (without leading slash) hold it. */
  readonly path?: RegExp
  /** What a pattern cannot say: a checksum, a decoded header. Entropy alone never decides. */
  holds?(secret: string): boolean
}

/** No secret of one kind is in a text. Its id is stable: scripts and ignore rules name it. */
export interface SecretRule extends Rule<SearchedText, string, SecretFacts>, SecretPattern {}

/** A kind of secret as it is written down: what it is called ("GitHub token"), and how it is recognised. */
export interface SecretDefinition extends SecretPattern {
  readonly id: string
  readonly title: string
}

/** Most hits of one rule in one file: more are one generated file, and say nothing new. */
const hitLimit = 20

/** Tests and examples of libraries bring keys that protect nothing: they are told, but as what they are. */
const exampleFolder =
  /(?:^|\/)(?:tests?|testing|test-?data|fixtures?|examples?|samples?|mocks?|doc|docs|demos?)\//

export function secretRule(definition: SecretDefinition): SecretRule {
  const { id, title, severity } = definition
  const rule = defineRule<SearchedText, string, SecretFacts>({
    id,
    title,
    why: 'Anyone who can pull an image can read everything in it, including what a later layer deletes.',
    fix: 'revoke the secret, and build the image without it',
    level: severityLevels[severity],
    check: (subject) => search(definition, subject),
  })
  return { ...definition, ...rule }
}

function* search(
  { title, severity, pattern, holds }: SecretDefinition,
  { path, text }: SearchedText,
): Generator<Fault & SecretFacts> {
  const weight = exampleFolder.test(path) ? 'low' : severity
  let hits = 0
  for (const match of text.matchAll(pattern)) {
    const secret = match.groups?.['secret'] ?? match[0]
    if (holds?.(secret) === false) continue
    const start = match.index + match[0].indexOf(secret)
    const { line, column } = positionOf(text, match.index)
    yield {
      place: { kind: 'span', file: absolutePath(path), line, column },
      found: title,
      level: severityLevels[weight],
      title,
      severity: weight,
      line,
      excerpt: excerptOf(text, start, start + secret.length),
    }
    if (++hits >= hitLimit) return
  }
}
