import { type Document, isAlias, isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type * as z from 'zod'
import { tryUtf8 } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import { closest } from '../../base/suggestion.ts'
import type { IgnoreRule } from './rule.ts'
import { ignoreSchema } from './schema.ts'

/** Bounds on what is read: thousands of rules that people wrote. */
const limits = { bytes: 1 << 20, depth: 8, problems: 20 } as const

const keys = ['id', 'package', 'path', 'purl', 'reason', 'expires'] as const

type Path = readonly PropertyKey[]

/**
 * Reads a file of ignore rules (docs/reference/ignore.md). Throws `bad-configuration` that names every problem with its
 * line and column, `limit-exceeded` for files that nobody wrote by hand.
 */
export function parseIgnoreFile(bytes: Uint8Array, file: string): readonly IgnoreRule[] {
  if (bytes.length > limits.bytes)
    throw new TemperError(
      'limit-exceeded',
      `${file}: expected at most ${limits.bytes} bytes of ignore rules, found ${bytes.length}`,
    )
  const text = tryUtf8(bytes)
  if (text === undefined) throw wrong(file, [`${file}: not UTF-8`])
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.2',
    // Days and versions are texts, not dates and numbers.
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  })
  const at = (offset: number, message: string) => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}: ${message}`
  }
  const broken = [
    ...document.errors.map((error) => at(error.pos[0], `not valid YAML: ${printableLine(error.message)}`)),
    ...unusable(document).map(({ offset, message }) => at(offset, message)),
  ]
  if (broken.length > 0) throw wrong(file, broken)
  const result = ignoreSchema.safeParse(
    document.contents === null ? {} : document.toJS({ maxAliasCount: 0 }),
    {
      error: () => '',
      reportInput: true,
    },
  )
  if (result.success)
    return result.data.ignore.map((rule, index) =>
      ruleOf(rule, at(offsetOf(document, ['ignore', index]), '')),
    )
  throw wrong(
    file,
    result.error.issues.flatMap((issue) =>
      describe(issue).map(({ path, message }) => at(offsetOf(document, path), message)),
    ),
  )
}

/** Aliases, keys that are twice there, and nesting that no rule has. */
function unusable(document: Document): { offset: number; message: string }[] {
  const found: { offset: number; message: string }[] = []
  visit(document, {
    Node: (_key, node, path) => {
      const offset = node.range?.[0] ?? 0
      if (isAlias(node)) found.push({ offset, message: 'aliases are not supported: write the value out' })
      if (path.length > limits.depth * 2) {
        found.push({ offset, message: `nested deeper than ${limits.depth} levels` })
        return visit.BREAK
      }
      if (isMap(node)) {
        const names = new Set<string>()
        for (const { key } of node.items) {
          const name = isScalar(key) ? String(key.value) : ''
          const place = isScalar(key) ? (key.range?.[0] ?? offset) : offset
          if (names.has(name))
            found.push({
              offset: place,
              message: `the key "${printableLine(name, { most: 40 })}" is there twice`,
            })
          names.add(name)
        }
      }
      return undefined
    },
  })
  return found
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
    // "file:4:5: " names the rule; its line is enough.
    origin: place.replace(/:\d+: $/, ''),
  }
}

/** Character offset of a value, or of the nearest thing around it. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as
      | { range?: readonly number[] | null }
      | undefined
    if (typeof node === 'object' && node?.range) return node.range[0] ?? 0
  }
  return document.contents?.range?.[0] ?? 0
}

function describe(issue: z.core.$ZodIssue): { path: Path; message: string }[] {
  const where =
    issue.path.length === 0
      ? ''
      : `${issue.path
          .map(String)
          .join('.')
          .replace(/\.(\d+)/g, '[$1]')}: `
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
    return `expected ${issue.expected === 'array' ? 'a list' : issue.expected === 'object' ? 'a mapping' : 'a text'}`
  if (issue.code === 'too_small')
    return last === 'reason' ? 'every rule needs a reason' : 'expected a text that is not empty'
  if (issue.code === 'too_big')
    return `expected at most ${String(issue.maximum)} ${issue.origin === 'array' ? 'rules' : 'characters'}`
  const { input } = issue
  const found = typeof input === 'string' ? `, found "${printableLine(input, { most: 40 })}"` : ''
  if (issue.code === 'custom')
    return `expected ${String(issue.params?.['expected'] ?? 'another value')}${found}`
  return 'not a valid rule'
}

function wrong(file: string, problems: readonly string[]): TemperError {
  const shown = problems.slice(0, limits.problems)
  const more = problems.length - shown.length
  const text = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
  return new TemperError('bad-configuration', `Ignore rules cannot be read:\n${text}`, {
    hint: 'docs/reference/ignore.md describes the file.',
    next: { action: 'read-schema', of: 'ignore-rules' },
    details: { file, problems: shown },
  })
}
