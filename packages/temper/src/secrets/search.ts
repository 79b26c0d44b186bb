import type { Severity } from '../model/advisory.ts'
import { keyRules } from './rules/keys.ts'
import { passwordRules } from './rules/passwords.ts'
import type { SecretRule } from './rules/rule.ts'
import { tokenRules } from './rules/tokens.ts'

/** Every rule, in the order of the documentation. */
export const secretRules: readonly SecretRule[] = [...keyRules, ...tokenRules, ...passwordRules]

/** A secret in a text, without the secret. */
export interface SecretHit {
  readonly rule: string
  readonly title: string
  readonly severity: Severity
  /** From 1. */
  readonly line: number
  /** The line with the secret replaced, cut to what a report can show. */
  readonly excerpt: string
}

/** Most hits of one rule in one file: more are one generated file, and say nothing new. */
const hitLimit = 20

/** Characters of an excerpt. */
const excerptLength = 120

/** Tests and examples of libraries bring keys that protect nothing: they are told, but as what they are. */
const exampleFolder =
  /(?:^|\/)(?:tests?|testing|test-?data|fixtures?|examples?|samples?|mocks?|doc|docs|demos?)\//

/** Rules about any file; the others are tried on files at their paths only. */
const generalRules = secretRules.filter((rule) => rule.path === undefined)
const everyKeyword = keywordPattern(generalRules)

/** What secrets stand in a text (decoded as Latin-1, one character a byte). `path` is without leading slash. */
export function findSecrets(text: string, path: string): readonly SecretHit[] {
  const present = new Set(text.match(everyKeyword) ?? [])
  const tried = secretRules.filter((rule) =>
    rule.path === undefined
      ? rule.keywords.some((keyword) => present.has(keyword))
      : rule.path.test(path) && rule.keywords.some((keyword) => text.includes(keyword)),
  )
  const hits = tried.flatMap((rule) => search(rule, text, path))
  return hits.sort((a, b) => a.line - b.line || (a.rule < b.rule ? -1 : 1))
}

function search(rule: SecretRule, text: string, path: string): readonly SecretHit[] {
  const hits: SecretHit[] = []
  for (const match of text.matchAll(rule.pattern)) {
    const secret = match.groups?.['secret'] ?? match[0]
    if (rule.holds?.(secret) === false) continue
    const start = match.index + match[0].indexOf(secret)
    hits.push({
      rule: rule.id,
      title: rule.title,
      severity: exampleFolder.test(path) ? 'low' : rule.severity,
      line: lineOf(text, match.index),
      excerpt: excerpt(text, start, start + secret.length),
    })
    if (hits.length >= hitLimit) break
  }
  return hits
}

function lineOf(text: string, index: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line++
  return line
}

/** The line around a secret. Nothing else on it that looks like one is shown: all long words are cut. */
function excerpt(text: string, start: number, end: number): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const newline = text.indexOf('\n', end)
  const before = text.slice(Math.max(lineStart, start - excerptLength), start)
  const after = text.slice(end, Math.min(newline < 0 ? text.length : newline, end + 20))
  const shown = `${before}[redacted]${after}`.replaceAll(/(?<!\[)[A-Za-z0-9+/_=-]{24,}/g, '[…]')
  return shown
    .replaceAll(/[^\x20-\x7e…]/g, ' ')
    .trim()
    .slice(0, excerptLength)
}

/** Longer keywords first, so that none hides behind a shorter one that begins it; all are found where they overlap not. */
function keywordPattern(rules: readonly SecretRule[]): RegExp {
  const keywords = [...new Set(rules.flatMap((rule) => rule.keywords))]
  const ordered = keywords.sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
  return new RegExp(
    ordered.map((keyword) => keyword.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('|'),
    'g',
  )
}
