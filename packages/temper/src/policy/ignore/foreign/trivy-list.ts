import type { IgnoreRule } from '../rule.ts'
import { dayBefore, reasonOf, untaken } from './foreign-rules.ts'

/** Lines of a list that people wrote. */
const lineLimit = 100_000

/** Whether a text is a list of ids, one per line, as `.trivyignore` is. */
export function isTrivyList(text: string): boolean {
  const lines = text.split('\n', lineLimit).map((line) => line.replace(/#.*/, '').trim())
  const stated = lines.filter((line) => line !== '')
  return stated.length > 0 && stated.every((line) => /^[A-Za-z]{2,}-[\w.:-]+(?:\s+exp:\S*)?$/.test(line))
}

/**
 * Reads Trivy's list: one id per line, optionally followed by its expiry date ("exp:DAY"); comments begin with "#".
 * The reason is a comment on the line, or the comment above the lines up to the next blank one. Trivy lists findings
 * of every kind by id alone, and so does a rule here.
 */
export function readTrivyList(text: string, file: string): readonly IgnoreRule[] {
  const rules: IgnoreRule[] = []
  let heading: { readonly lines: string[]; isUsed: boolean } = { lines: [], isUsed: false }
  for (const [index, line] of text.split('\n', lineLimit).entries()) {
    const [, stated = '', comment] = /^([^#]*)(?:#(.*))?$/.exec(line.trim()) ?? []
    const words = stated.trim().split(/\s+/)
    if (words[0] !== '' && words[0] !== undefined) {
      heading.isUsed = true
      const reason = reasonOf(comment ?? heading.lines.join(' '), file)
      rules.push(ruleOf(words, { reason, origin: `${file}:${index + 1}` }))
    } else if (comment === undefined || heading.isUsed)
      heading = { lines: comment === undefined ? [] : [comment.trim()], isUsed: false }
    else heading.lines.push(comment.trim())
  }
  return rules
}

function ruleOf(
  [id = '', ...more]: readonly string[],
  { reason, origin }: Pick<IgnoreRule, 'reason' | 'origin'>,
): IgnoreRule {
  const [end, ...others] = more
  if (end === undefined) return { id, reason, origin }
  if (!end.startsWith('exp:') || others.length > 0)
    return untaken(origin, `the text after ${id} is unknown: expected "exp:YYYY-MM-DD"`)
  const expires = dayBefore(end.slice(4))
  if (expires === undefined) return untaken(origin, `the last day of ${id} is not a day: expected YYYY-MM-DD`)
  return { id, reason, expires, origin }
}
