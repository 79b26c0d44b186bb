import type * as z from 'zod'
import { printableLine } from '../../base/printable.ts'
import { closest } from '../../base/suggestion.ts'
import {
  type DocumentKind,
  type DocumentProblem,
  documentFault,
  pathText,
  readDocument,
} from '../document/document.ts'
import { readForeignFile } from './foreign/read.ts'
import type { IgnoreRule } from './rule.ts'
import { ignoreSchema } from './schema.ts'

/** Thousands of rules that people wrote. */
const kind: DocumentKind = {
  title: 'Ignore rules',
  content: 'ignore rules',
  code: 'bad-configuration',
  // Days and versions are texts, not dates and numbers.
  schema: 'failsafe',
  bytes: 1 << 20,
  depth: 8,
  advice: {
    hint: 'docs/reference/ignore.md describes the file.',
    next: { action: 'read-schema', of: 'ignore-rules' },
  },
}

const keys = ['id', 'package', 'path', 'purl', 'reason', 'expires'] as const

/**
 * Reads a file of ignore rules (docs/reference/ignore.md), or one of Trivy's or Grype's. Throws `bad-configuration` that names every problem with its
 * line and column, `limit-exceeded` for files that nobody wrote by hand.
 */
export function parseIgnoreFile(bytes: Uint8Array, file: string): readonly IgnoreRule[] {
  const foreign = readForeignFile(bytes, file, kind)
  if (foreign !== undefined) return foreign
  const document = readDocument(bytes, file, kind)
  const result = ignoreSchema.safeParse(document.value ?? {}, { error: () => '', reportInput: true })
  if (result.success)
    return result.data.ignore.map((rule, index) => ruleOf(rule, document.placeOf(['ignore', index])))
  throw documentFault(
    kind,
    file,
    result.error.issues.flatMap(describe).map(({ path, message }) => `${document.placeOf(path)}: ${message}`),
  )
}

function ruleOf(rule: z.output<typeof ignoreSchema>['ignore'][number], place: string): IgnoreRule {
  const { reason, expires } = rule
  return {
    ...(rule.id === undefined ? {} : { id: rule.id }),
    ...(rule.package === undefined ? {} : { package: rule.package }),
    ...(rule.path === undefined ? {} : { path: rule.path.replace(/^\//, '') }),
    ...(rule.purl === undefined ? {} : { purl: rule.purl }),
    reason,
    ...(expires === undefined ? {} : { expires }),
    // "file:4:5" names the rule; its line is enough.
    origin: place.replace(/:\d+$/, ''),
  }
}

function describe(issue: z.core.$ZodIssue): DocumentProblem[] {
  const where = pathText(issue.path)
  if (issue.code === 'unrecognized_keys') {
    const expected = issue.path.length === 0 ? ['ignore'] : keys
    return issue.keys.map((key) => {
      const near = closest(key, expected)
      const advice = near === undefined ? `expected ${expected.join(', ')}` : `did you mean "${near}"?`
      return {
        path: [...issue.path, key],
        message: `${where}unknown key "${printableLine(key, { most: 40 })}": ${advice}`,
      }
    })
  }
  return [{ path: issue.path, message: `${where}${expectation(issue)}` }]
}

function expectation(issue: z.core.$ZodIssue): string {
  const last = issue.path.at(-1)
  if (issue.code === 'invalid_type' && issue.input === undefined && typeof last === 'string')
    return last === 'reason' ? 'every rule needs a reason' : `"${last}" is missing`
  if (issue.code === 'invalid_type')
    return `expected ${issue.expected === 'array' ? 'a list' : issue.expected === 'object' ? 'a mapping' : 'text'}`
  if (issue.code === 'too_small')
    return last === 'reason' ? 'every rule needs a reason' : 'expected text that is not empty'
  if (issue.code === 'too_big')
    return `expected at most ${String(issue.maximum)} ${issue.origin === 'array' ? 'rules' : 'characters'}`
  const { input } = issue
  const actual = typeof input === 'string' ? `, found "${printableLine(input, { most: 40 })}"` : ''
  if (issue.code === 'custom')
    return `expected ${String(issue.params?.['expected'] ?? 'another value')}${actual}`
  return 'not a valid rule'
}
