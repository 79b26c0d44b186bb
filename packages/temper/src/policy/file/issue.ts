import type * as z from 'zod'
import { ownMember } from '../../base/own-member.ts'
import { printableLine } from '../../base/printable.ts'
import { closest } from '../../base/suggestion.ts'
import { type DocumentProblem, pathText } from '../document/document.ts'

/** Members by the key that leads to them; lists lead by their own. */
const members: Readonly<Record<string, readonly string[]>> = {
  '': [
    ...['name', 'description', 'extends', 'images', 'tier', 'other-rules', 'rules', 'vulnerabilities'],
    ...['evidence', 'own-rules', 'exceptions', 'examples'],
  ],
  vulnerabilities: ['error', 'warning', 'note'],
  'own-rules': ['id', 'level', 'title', 'each', 'broken-when', 'fix'],
  exceptions: ['rule', 'finding', 'package', 'path', 'images', 'owner', 'reason', 'expires'],
  examples: ['name', 'day', 'input', 'expect'],
  expect: ['allowed', 'reasons', 'waived'],
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

/** A problem that a schema reported, in plain words. */
export function describeIssue(issue: z.core.$ZodIssue): readonly DocumentProblem[] {
  const where = pathText(issue.path)
  if (issue.code === 'unrecognized_keys') {
    const leading = issue.path.findLast((part) => typeof part === 'string')
    const expected = ownMember(members, typeof leading === 'string' ? leading : '') ?? []
    return issue.keys.map((key) => {
      const near = closest(key, expected)
      const known = expected.length === 0 ? '' : `: expected ${expected.join(', ')}`
      const advice = near === undefined ? known : `: did you mean "${near}"?`
      const shown = printableLine(key, { most: 40 })
      return { path: [...issue.path, key], message: `${where}unknown key "${shown}"${advice}` }
    })
  }
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.flat().find(({ code, path }) => code !== 'invalid_type' || path.length > 0)
    if (inner !== undefined)
      return describeIssue({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue)
  }
  return [{ path: issue.path, message: `${where}${expectation(issue)}` }]
}

function expectation(issue: z.core.$ZodIssue): string {
  const last = issue.path.at(-1)
  const shown = shownValue(issue.input)
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined && typeof last === 'string') return missing(last)
      return `expected ${typeNames[issue.expected] ?? issue.expected}, found ${shown}${quoting(issue)}`
    case 'too_small':
      return issue.origin === 'string'
        ? 'expected text that is not empty'
        : `expected at least ${issue.minimum}`
    case 'too_big':
      return `expected at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(', ')}, found ${shown}${nearValue(issue)}`
    case 'invalid_format':
      return `expected small letters, digits and "-", found ${shown}`
    case 'custom':
      return `expected ${String(issue.params?.['expected'] ?? 'another value')}, found ${shown}`
    default:
      return `not valid here: ${shown}`
  }
}

function missing(name: string): string {
  if (name === 'owner') return 'every exception needs an owner: who answers for it'
  if (name === 'expires') return 'every exception needs a last day: expires: YYYY-MM-DD'
  return name === 'reason' ? 'every exception needs a reason' : `"${name}" is missing`
}

/** A number where a text should be was written without quotes. */
function quoting({ input, ...issue }: z.core.$ZodIssue): string {
  const isPlain = typeof input === 'number' || typeof input === 'boolean'
  return 'expected' in issue && issue.expected === 'string' && isPlain ? '; put it in quotes' : ''
}

function nearValue(issue: z.core.$ZodIssueInvalidValue): string {
  if (typeof issue.input !== 'string') return ''
  const near = closest(issue.input, issue.values.map(String))
  return near === undefined ? '' : `; did you mean "${near}"?`
}

function shownValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'an empty value'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  return typeof value === 'string' ? `"${printableLine(value, { most: 40 })}"` : String(value)
}
