import { sha256 } from '../base/digest.ts'
import { keyRules } from './rules/keys.ts'
import { passwordRules } from './rules/passwords.ts'
import { type SecretHit, type SecretRule, secretRule } from './rules/rule.ts'
import { tokenRules } from './rules/tokens.ts'

/** Every rule, in the order of the documentation. */
export const secretRules: readonly SecretRule[] = [...keyRules, ...tokenRules, ...passwordRules].map(
  secretRule,
)

/** Tells rules from others: by all that they say, and by what their patterns and functions are written as. */
export function digestOfRules(rules: readonly SecretRule[]): string {
  const text = JSON.stringify(rules, (_, value: unknown) =>
    typeof value === 'function' || value instanceof RegExp ? String(value) : value,
  )
  return sha256(text).slice('sha256:'.length, 'sha256:'.length + 16)
}

export const rulesDigest: string = digestOfRules(secretRules)

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
  const hits = tried.flatMap((rule) => [...rule.check({ path, text })])
  return hits.sort((a, b) => a.line - b.line || (a.rule < b.rule ? -1 : 1))
}

/** Longer keywords first, so that none hides behind a shorter one that begins it; all are found unless they overlap. */
function keywordPattern(rules: readonly SecretRule[]): RegExp {
  const keywords = [...new Set(rules.flatMap((rule) => rule.keywords))]
  const ordered = keywords.sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
  return new RegExp(
    ordered.map((keyword) => keyword.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('|'),
    'g',
  )
}
