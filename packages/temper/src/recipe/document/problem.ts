import { TemperError } from '../../base/error.ts'
import { redactText } from '../../base/http/redact.ts'

/** Where something is in a recipe: keys and indices from the top. */
export type RecipePath = readonly (string | number)[]

/** One thing that is wrong in a recipe. Line and column count from 1. */
export interface RecipeProblem {
  readonly line: number
  readonly column: number
  /** The path as people write it: `paths[2].permissions`; empty for the document itself. */
  readonly path: string
  readonly message: string
}

/** A spot in one of the texts that a recipe is made of. */
export interface RecipePlace {
  /** The problems of the text that the place is in. */
  readonly problems: ProblemList
  /** In characters. */
  readonly offset: number
  /** The path within that text. */
  readonly path: RecipePath
}

/** Reports that something is wrong at a place; reading goes on to find the rest. */
export type Report = (path: RecipePath, message: string) => void

const shown = 20

/** Collects the problems of one recipe, so that a person sees all of them at once. */
export class ProblemList {
  readonly file: string
  private readonly lines: readonly string[]
  private readonly starts: readonly number[]
  private readonly found: RecipeProblem[] = []
  private readonly paths = new Map<RecipeProblem, RecipePath>()
  private readonly expected = new Set<string>()

  constructor(file: string, text: string) {
    this.file = file
    this.lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
    const starts = [0]
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    this.starts = starts
  }

  get empty(): boolean {
    return this.found.length === 0
  }

  /** Adds a problem at a character offset of the text. The same problem twice is kept once. */
  add(offset: number, path: RecipePath, message: string): void {
    const line = this.lineAt(offset)
    const column = offset - (this.starts[line - 1] ?? 0) + 1
    const problem = { line, column, path: formatPath(path), message }
    const known = this.found.some(
      (p) => p.line === line && p.path === problem.path && p.message === problem.message,
    )
    if (known || this.found.length >= 1000) return
    this.found.push(problem)
    this.paths.set(problem, path)
  }

  /** The problems so far, in the order in which they were added. */
  list(): readonly { readonly path: RecipePath; readonly message: string }[] {
    return [...this.paths].map(([{ message }, path]) => ({ path, message }))
  }

  /**
   * Marks a place where something follows from a known problem: whatever else is wrong there is not worth reporting.
   */
  expect(path: RecipePath): void {
    this.expected.add(formatPath(path))
  }

  /** Like `add`, but adds nothing where a problem is known already, since the new one would follow from it. */
  addUnlessKnown(offset: number, path: RecipePath, message: string): void {
    const text = formatPath(path)
    if (this.expected.has(text)) return
    if (text === '' || !this.found.some((problem) => problem.path === text)) this.add(offset, path, message)
  }

  /** Throws `bad-recipe` with all problems, in the order of the file; does nothing when there are none. */
  throwIfAny(): void {
    if (this.empty) return
    const problems = this.found.toSorted((a, b) => a.line - b.line || a.column - b.column)
    const lines = problems.slice(0, shown).map((problem) => this.describe(problem))
    const more = problems.length - shown
    if (more > 0) lines.push(`and ${more} more`)
    const head = problems.length > 1 ? `${this.file} has ${problems.length} problems\n` : ''
    throw new TemperError('bad-recipe', head + lines.join('\n'), {
      hint: 'docs/reference/recipe.md describes every field.',
      next: { action: 'read-schema', of: 'recipe' },
      details: { file: this.file, problems: problems.slice(0, 100) },
    })
  }

  private describe(problem: RecipeProblem): string {
    const where = problem.path === '' ? '' : `${problem.path}: `
    const head = `${this.file}:${problem.line}:${problem.column}: ${where}${problem.message}`
    const text = this.lines[problem.line - 1] ?? ''
    if (text.trim() === '') return head
    const from = problem.column > 100 ? problem.column - 60 : 0
    // Before it is cut: half an address would not be recognised.
    const masked = redactText(text, (hidden) => '*'.repeat(hidden.length))
    const excerpt = clean(masked.slice(from, from + 120))
    const gutter = `${problem.line}`
    const caret = ' '.repeat(Math.max(0, problem.column - 1 - from))
    return `${head}\n  ${gutter} | ${excerpt}\n  ${' '.repeat(gutter.length)} | ${caret}^`
  }

  /** The line of a character, from 1. */
  lineAt(offset: number): number {
    let low = 0
    let high = this.starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((this.starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}

export function formatPath(path: RecipePath): string {
  let text = ''
  for (const part of path)
    text += typeof part === 'number' ? `[${part}]` : `${text === '' ? '' : '.'}${part.slice(0, 80)}`
  return text
}

/** A value as an error shows it: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'an empty value'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a mapping'
  const text =
    typeof value === 'string' ? JSON.stringify(redactText(value)) : `the ${typeof value} ${String(value)}`
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

/** Control characters would move the terminal's cursor. A tab becomes one space, so the caret stays right. */
function clean(text: string): string {
  return Array.from(text, (char) => ((char.codePointAt(0) ?? 0) < 32 || char === '\x7f' ? ' ' : char)).join(
    '',
  )
}
