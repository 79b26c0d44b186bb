import type { Node, Redirect } from './syntax.ts'

/** The script is not what the parser understands; caught where a script is read as a whole. */
export class ShellSyntaxError extends Error {
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

/** Nesting allowed for commands, words and substitutions together. */
const maximumDepth = 120

export interface PendingHereDocument {
  readonly redirect: Redirect
  readonly delimiter: string
  /** `<<-`: leading tabs are taken off. */
  readonly stripTabs: boolean
  /** The delimiter was quoted: no expansion in the body. */
  readonly literal: boolean
}

/** A place in a script's text, with its line number, and the here-documents that the next line end starts. */
export class Cursor {
  readonly text: string
  position = 0
  line: number
  pending: PendingHereDocument[] = []
  #depth: number
  /** Parses commands up to `)`: given by the command parser, so that words can hold commands. */
  readonly parseCommands: (cursor: Cursor) => Node

  constructor(
    text: string,
    options: {
      readonly line: number
      readonly depth: number
      readonly parseCommands: (cursor: Cursor) => Node
    },
  ) {
    this.text = text
    this.line = options.line
    this.#depth = options.depth
    this.parseCommands = options.parseCommands
  }

  get ended(): boolean {
    return this.position >= this.text.length
  }

  /** The character `ahead` of the current one, or ''. */
  peek(ahead = 0): string {
    return this.text[this.position + ahead] ?? ''
  }

  startsWith(prefix: string): boolean {
    return this.text.startsWith(prefix, this.position)
  }

  /** Takes `count` characters. */
  take(count = 1): string {
    const taken = this.text.slice(this.position, this.position + count)
    for (let i = 0; i < taken.length; i++) if (taken.charCodeAt(i) === 10) this.line++
    this.position += taken.length
    return taken
  }

  /** Takes what a sticky pattern matches here, or nothing. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position
    const matched = pattern.exec(this.text)?.[0]
    return matched === undefined ? undefined : this.take(matched.length)
  }

  looksAt(pattern: RegExp): boolean {
    pattern.lastIndex = this.position
    return pattern.test(this.text)
  }

  /** Skips blanks, continued lines and comments, but no line end. */
  skipBlanks(): void {
    this.match(/(?:[ \t\r\f\v]|\\\r?\n)+/y)
    if (this.peek() === '#') this.match(/[^\n]*/y)
  }

  fail(message: string, options: { readonly line?: number } = {}): never {
    throw new ShellSyntaxError(message, options.line ?? this.line)
  }

  /** Runs `parse` one level deeper; too deep is a syntax error, so that no input overflows the stack. */
  nested<T>(parse: () => T): T {
    if (this.#depth >= maximumDepth) this.fail('nested too deeply')
    this.#depth++
    const result = parse()
    this.#depth--
    return result
  }

  /** A cursor over text taken out of this one (a here-document, a backquoted command). */
  inner(text: string, line: number): Cursor {
    if (this.#depth >= maximumDepth) this.fail('nested too deeply')
    return new Cursor(text, { line, depth: this.#depth + 1, parseCommands: this.parseCommands })
  }
}
