import type { Fuel } from '../../scripts/fuel.ts'
import { compileRegexp, type Regexp } from './regexp.ts'

/** Which lines a command is for (sed(1)). */
export type SedAddress =
  | { readonly kind: 'line'; readonly number: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'regexp'; readonly regexp: Regexp }
  /** GNU's `addr,+N`. */
  | { readonly kind: 'more'; readonly count: number }

export interface SedCommand {
  readonly from?: SedAddress
  readonly to?: SedAddress
  readonly negated: boolean
  readonly action: SedAction
}

export type SedAction =
  | {
      readonly kind: 'substitute'
      readonly regexp: Regexp
      /** Texts, and numbers of groups; 0 is the whole match. */
      readonly replacement: readonly (string | number)[]
      /** Which match is the first to be replaced. */
      readonly first: number
      readonly all: boolean
      readonly print: boolean
    }
  | { readonly kind: 'translate'; readonly map: ReadonlyMap<string, string> }
  | { readonly kind: SimpleAction }
  /** To the label, or to the end: always, or (not) when something was replaced since the line was read. */
  | { readonly kind: 'branch'; readonly label: string; readonly when: 'always' | 'replaced' | 'same' }
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'append' | 'insert' | 'change'; readonly text: string }
  | { readonly kind: 'block'; readonly commands: readonly SedCommand[] }

/** Commands without anything behind them. */
const simple = {
  d: 'delete',
  D: 'delete-first',
  p: 'print',
  P: 'print-first',
  q: 'quit',
  n: 'next',
  N: 'append-next',
  h: 'hold',
  H: 'append-hold',
  g: 'get',
  G: 'append-get',
  x: 'exchange',
  '=': 'number',
} as const

export type SimpleAction = (typeof simple)[keyof typeof simple]

const branches: Readonly<Record<string, 'always' | 'replaced' | 'same'>> = {
  b: 'always',
  t: 'replaced',
  T: 'same',
}

export interface SedOptions {
  readonly extended: boolean
  readonly fuel: Fuel
}

/** Reads a script of sed; undefined when it is invalid or has unsupported commands. */
export function parseSed(text: string, options: SedOptions): readonly SedCommand[] | undefined {
  if (text.length > 20_000) return undefined
  const reader = new SedReader(text, options)
  const commands = reader.commands(0)
  return reader.atEnd ? commands : undefined
}

class SedReader {
  readonly #text: string
  readonly #options: SedOptions
  #at = 0

  constructor(text: string, options: SedOptions) {
    this.#text = text
    this.#options = options
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length
  }

  /** The next character; empty at the end. */
  #peek(): string {
    return this.#text[this.#at] ?? ''
  }

  #skip(blanks: RegExp): void {
    while (!this.atEnd && blanks.test(this.#peek())) this.#at++
  }

  commands(depth: number): readonly SedCommand[] | undefined {
    const commands: SedCommand[] = []
    for (;;) {
      this.#skip(/[\s;]/)
      if (this.#peek() === '#') this.#skip(/[^\n]/)
      else if (this.atEnd || this.#peek() === '}') return commands
      else {
        const command = this.#command(depth)
        if (command === undefined) return undefined
        commands.push(command)
      }
    }
  }

  #command(depth: number): SedCommand | undefined {
    const from = this.#address()
    if (from === 'wrong') return undefined
    this.#skip(/[ \t]/)
    let to: SedAddress | undefined
    if (from !== undefined && this.#peek() === ',') {
      this.#at++
      this.#skip(/[ \t]/)
      const second = this.#address()
      if (second === 'wrong' || second === undefined) return undefined
      to = second
    }
    // GNU's "0,/end/": the first line may be the last one, too.
    if (from?.kind === 'line' && from.number === 0 && to?.kind !== 'regexp') return undefined
    this.#skip(/[ \t]/)
    const negated = this.#peek() === '!'
    this.#skip(/[! \t]/)
    const action = this.#action(depth)
    if (action === undefined) return undefined
    return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), negated, action }
  }

  #address(): SedAddress | 'wrong' | undefined {
    const [number] = /^\d{1,9}/.exec(this.#text.slice(this.#at, this.#at + 9)) ?? []
    if (number !== undefined) {
      this.#at += number.length
      return { kind: 'line', number: Number(number) }
    }
    if (this.#peek() === '$') {
      this.#at++
      return { kind: 'last' }
    }
    if (this.#peek() === '+') {
      const [, count] = /^\+(\d{1,6})/.exec(this.#text.slice(this.#at, this.#at + 8)) ?? []
      if (count === undefined) return 'wrong'
      this.#at += count.length + 1
      return { kind: 'more', count: Number(count) }
    }
    if (this.#peek() !== '/' && this.#peek() !== '\\') return undefined
    if (this.#peek() === '\\') this.#at++
    const pattern = this.#delimited(this.#peek())
    const ignoreCase = this.#peek() === 'I'
    if (ignoreCase) this.#at++
    const regexp = pattern === undefined ? undefined : this.#regexp(pattern, ignoreCase)
    return regexp === undefined ? 'wrong' : { kind: 'regexp', regexp }
  }

  #regexp(pattern: string, ignoreCase: boolean): Regexp | undefined {
    // An empty one stands for the last that was used.
    return pattern === '' ? undefined : compileRegexp(pattern, { ...this.#options, ignoreCase })
  }

  /** The text up to the next delimiter, which stands here first. */
  #delimited(delimiter: string): string | undefined {
    this.#at++
    return this.#upTo(delimiter)
  }

  #upTo(delimiter: string): string | undefined {
    let text = ''
    let bracket = false
    for (; !this.atEnd; this.#at++) {
      const char = this.#peek()
      if (char === delimiter && !bracket) {
        this.#at++
        return text
      }
      if (char === '\\' && !bracket) {
        const next = this.#text[++this.#at] ?? ''
        text += next === delimiter ? (/[.*[\]^$]/.test(next) ? `\\${next}` : next) : `\\${next}`
        continue
      }
      if (char === '[' && !bracket) {
        bracket = true
        text += char
        // A bracket right after the opening one (or its ^) is a member.
        if (this.#text[this.#at + 1] === '^') text += this.#text[++this.#at]
        if (this.#text[this.#at + 1] === ']') text += this.#text[++this.#at]
        continue
      }
      if (char === ']' && bracket && !/\[:\w*:$/.test(text.slice(-12))) bracket = false
      text += char
    }
    return undefined
  }

  /** The replacement of `s`, which has no brackets. */
  #replacement(delimiter: string): readonly (string | number)[] | undefined {
    const parts: (string | number)[] = ['']
    const add = (text: string) => {
      if (typeof parts.at(-1) === 'string') parts.push(`${parts.pop()}${text}`)
      else parts.push(text)
    }
    for (; !this.atEnd; this.#at++) {
      const char = this.#peek()
      if (char === delimiter) {
        this.#at++
        return parts
      }
      if (char === '&') parts.push(0)
      else if (char === '\\') {
        const next = this.#text[++this.#at] ?? ''
        if (/\d/.test(next)) parts.push(Number(next))
        else if (/[LUElu]/.test(next)) return undefined
        else add(next === 'n' ? '\n' : next === 't' ? '\t' : next)
      } else add(char)
    }
    return undefined
  }

  #action(depth: number): SedAction | undefined {
    const letter = this.#text[this.#at++] ?? ''
    switch (letter) {
      case '{': {
        const commands = depth > 10 ? undefined : this.commands(depth + 1)
        if (commands === undefined || this.#peek() !== '}') return undefined
        this.#at++
        return { kind: 'block', commands }
      }
      case 's':
        return this.#substitute()
      case 'y':
        return this.#translate()
      case ':':
        return { kind: 'label', label: this.#label() }
      case 'a':
        return this.#line('append')
      case 'i':
        return this.#line('insert')
      case 'c':
        return this.#line('change')
    }
    const when = Object.hasOwn(branches, letter) ? branches[letter] : undefined
    if (when !== undefined) return { kind: 'branch', label: this.#label(), when }
    const kind = Object.hasOwn(simple, letter) ? simple[letter as keyof typeof simple] : undefined
    return kind === undefined || /[^\s;}#]/.test(this.#peek()) ? undefined : { kind }
  }

  #label(): string {
    this.#skip(/[ \t]/)
    const [label = ''] = /^[^\s;]*/.exec(this.#text.slice(this.#at)) ?? []
    this.#at += label.length
    return label
  }

  #substitute(): SedAction | undefined {
    const delimiter = this.#peek()
    if (delimiter === '' || delimiter === '\n' || delimiter === '\\') return undefined
    const pattern = this.#delimited(delimiter)
    const replacement = pattern === undefined ? undefined : this.#replacement(delimiter)
    const [flags = ''] = /^[gpiIm\d]*/.exec(this.#text.slice(this.#at, this.#at + 12)) ?? []
    this.#at += flags.length
    if (pattern === undefined || replacement === undefined || /[mew]/.test(flags + this.#peek()))
      return undefined
    const regexp = this.#regexp(pattern, /i/i.test(flags))
    if (regexp === undefined) return undefined
    const first = Number(/\d+/.exec(flags)?.[0] ?? '1')
    return {
      kind: 'substitute',
      regexp,
      replacement,
      first,
      all: flags.includes('g'),
      print: flags.includes('p'),
    }
  }

  #translate(): SedAction | undefined {
    const delimiter = this.#peek()
    if (delimiter === '' || delimiter === '\n' || delimiter === '\\') return undefined
    const from = this.#delimited(delimiter)
    const to = from === undefined ? undefined : this.#upTo(delimiter)
    if (from === undefined || to === undefined || from.length !== to.length || /\\/.test(from + to))
      return undefined
    return { kind: 'translate', map: new Map([...from].map((char, i) => [char, to[i] as string])) }
  }

  /** `a TEXT` of GNU's, or `a\` with the text on the next lines. */
  #line(kind: 'append' | 'insert' | 'change'): SedAction | undefined {
    this.#skip(/[ \t]/)
    if (this.#peek() === '\\') {
      this.#at++
      this.#skip(/[ \t]/)
      if (this.#peek() === '\n') this.#at++
    }
    let text = ''
    for (; !this.atEnd && this.#peek() !== '\n'; this.#at++) {
      if (this.#peek() === '\\') this.#at++
      text += this.#peek()
    }
    return { kind, text }
  }
}
