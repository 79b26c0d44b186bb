/** A part of a POSIX regular expression (XBD chapter 9, with what GNU adds). */
export type Piece =
  | { readonly kind: 'one'; matches(char: string): boolean }
  | { readonly kind: 'group'; readonly number: number; readonly choices: readonly (readonly Piece[])[] }
  | { readonly kind: 'repeat'; readonly piece: Piece; readonly least: number; readonly most: number }
  | { readonly kind: 'start' | 'end' | 'boundary' | 'inside' | 'word-start' | 'word-end' }
  | { readonly kind: 'back'; readonly number: number }

export interface RegexpOptions {
  /** Extended syntax: `+`, `(` and their like without a backslash. */
  readonly extended: boolean
  readonly ignoreCase: boolean
}

/** Parses a pattern; undefined when it is invalid or not supported. */
export function parseRegexp(
  text: string,
  options: RegexpOptions,
): { readonly choices: readonly (readonly Piece[])[]; readonly groups: number } | undefined {
  if (text.length > 2000) return undefined
  const reader = new RegexpReader(text, options)
  const choices = reader.choices()
  return choices === undefined || !reader.atEnd ? undefined : { choices, groups: reader.groups }
}

const named: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: ' \t-\r',
  blank: ' \t',
  punct: '!-/:-@[-`{-~',
  xdigit: '0-9A-Fa-f',
}

class RegexpReader {
  readonly #text: string
  readonly #options: RegexpOptions
  #at = 0
  #depth = 0
  groups = 0

  constructor(text: string, options: RegexpOptions) {
    this.#text = text
    this.#options = options
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length
  }

  /** Whether an operator stands here: with a backslash in basic syntax, without one in extended. */
  #operator(char: string): boolean {
    const written = this.#options.extended ? char : `\\${char}`
    return this.#text.startsWith(written, this.#at)
  }

  #skip(): void {
    this.#at += this.#options.extended ? 1 : 2
  }

  choices(): readonly (readonly Piece[])[] | undefined {
    if (++this.#depth > 50) return undefined
    const choices: (readonly Piece[])[] = []
    for (;;) {
      const sequence = this.#sequence()
      if (sequence === undefined) return undefined
      choices.push(sequence)
      if (!this.#operator('|')) break
      this.#skip()
    }
    this.#depth--
    return choices
  }

  #sequence(): readonly Piece[] | undefined {
    const pieces: Piece[] = []
    while (!this.atEnd && !this.#operator('|') && !this.#operator(')')) {
      const piece = this.#piece(pieces.length === 0)
      if (piece === undefined) return undefined
      const repeated = this.#repeats(piece)
      if (repeated === undefined) return undefined
      pieces.push(repeated)
    }
    return pieces
  }

  #piece(first: boolean): Piece | undefined {
    const { extended } = this.#options
    if (this.#operator('(')) return this.#group()
    const char = this.#text[this.#at++] as string
    if (char === '^' && (extended || first)) return { kind: 'start' }
    if (char === '$' && (extended || this.#endsHere())) return { kind: 'end' }
    if (char === '.') return { kind: 'one', matches: () => true }
    if (char === '[') return this.#bracket()
    if (char === '*' && (!first || extended)) return undefined
    if (extended && /[+?{]/.test(char)) return undefined
    return char === '\\' ? this.#escaped() : this.#literal(char)
  }

  /** In basic syntax a `$` is one of the end only where a sequence ends. */
  #endsHere(): boolean {
    return this.atEnd || this.#text.startsWith('\\)', this.#at) || this.#text.startsWith('\\|', this.#at)
  }

  #group(): Piece | undefined {
    this.#skip()
    const number = ++this.groups
    const choices = this.choices()
    if (choices === undefined || !this.#operator(')')) return undefined
    this.#skip()
    return { kind: 'group', number, choices }
  }

  #escaped(): Piece | undefined {
    const char = this.#text[this.#at++]
    if (char === undefined) return undefined
    const classes: Readonly<Record<string, Piece>> = {
      s: { kind: 'one', matches: (one) => /\s/.test(one) },
      S: { kind: 'one', matches: (one) => /\S/.test(one) },
      w: { kind: 'one', matches: (one) => /\w/.test(one) },
      W: { kind: 'one', matches: (one) => /\W/.test(one) },
      b: { kind: 'boundary' },
      B: { kind: 'inside' },
      '<': { kind: 'word-start' },
      '>': { kind: 'word-end' },
      t: this.#literal('\t'),
      n: this.#literal('\n'),
    }
    if (Object.hasOwn(classes, char)) return classes[char]
    if (/[1-9]/.test(char))
      return Number(char) <= this.groups ? { kind: 'back', number: Number(char) } : undefined
    return /[a-zA-Z`']/.test(char) ? undefined : this.#literal(char)
  }

  #literal(char: string): Piece {
    const wanted = this.#options.ignoreCase ? char.toLowerCase() : char
    return this.#options.ignoreCase
      ? { kind: 'one', matches: (one) => one.toLowerCase() === wanted }
      : { kind: 'one', matches: (one) => one === wanted }
  }

  #bracket(): Piece | undefined {
    const negated = this.#text[this.#at] === '^'
    if (negated) this.#at++
    const ranges: [string, string][] = []
    for (let first = true; ; first = false) {
      const char = this.#text[this.#at++]
      if (char === undefined) return undefined
      if (char === ']' && !first) break
      const name = char === '[' ? /^:(\w+):\]/.exec(this.#text.slice(this.#at, this.#at + 20)) : null
      if (name?.[1] !== undefined) {
        if (!Object.hasOwn(named, name[1])) return undefined
        this.#at += name[0].length
        ranges.push(...rangesOf(named[name[1]] as string))
        continue
      }
      if (char === '[' && /^[.=]/.test(this.#text.slice(this.#at, this.#at + 1))) return undefined
      // sed(1) takes \n and \t in brackets for what they are in C.
      const control = char === '\\' ? { n: '\n', t: '\t' }[this.#text[this.#at] as 'n' | 't'] : undefined
      if (control !== undefined) this.#at++
      const low = control ?? char
      const ranged = this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']'
      const high = ranged ? this.#text[this.#at + 1] : low
      if (ranged) this.#at += 2
      if (high === undefined) return undefined
      ranges.push([low, high])
    }
    const among = (one: string) => ranges.some(([low, high]) => one >= low && one <= high)
    const { ignoreCase } = this.#options
    const either = (one: string) =>
      among(one) || (ignoreCase && (among(one.toLowerCase()) || among(one.toUpperCase())))
    return { kind: 'one', matches: (one) => either(one) !== negated }
  }

  /** `*`, `+`, `?` and `{2,5}` behind a piece. */
  #repeats(piece: Piece): Piece | undefined {
    let result = piece
    for (let count = 0; ; count++) {
      const bounds = this.#bounds()
      if (bounds === undefined) return result
      if (bounds === 'wrong' || count > 3) return undefined
      if (piece.kind !== 'one' && piece.kind !== 'group' && piece.kind !== 'back') return undefined
      result = { kind: 'repeat', piece: result, ...bounds }
    }
  }

  #bounds(): { readonly least: number; readonly most: number } | 'wrong' | undefined {
    const many = Number.POSITIVE_INFINITY
    if (this.#text[this.#at] === '*') {
      this.#at++
      return { least: 0, most: many }
    }
    if (this.#operator('+') || this.#operator('?')) {
      const plus = this.#operator('+')
      this.#skip()
      return plus ? { least: 1, most: many } : { least: 0, most: 1 }
    }
    if (!this.#operator('{')) return undefined
    this.#skip()
    const close = this.#options.extended ? '}' : '\\}'
    const end = this.#text.indexOf(close, this.#at)
    const [, least, comma, most] =
      /^(\d{1,3})(,?)(\d{0,3})$/.exec(this.#text.slice(this.#at, Math.max(end, this.#at))) ?? []
    if (end < 0 || least === undefined) return 'wrong'
    this.#at = end + close.length
    const upper = most ? Number(most) : comma ? many : Number(least)
    return { least: Number(least), most: upper }
  }
}

function rangesOf(text: string): [string, string][] {
  const ranges: [string, string][] = []
  for (let at = 0; at < text.length; at++) {
    const low = text[at] as string
    const ranged = text[at + 1] === '-' && text[at + 2] !== undefined
    ranges.push([low, ranged ? (text[at + 2] as string) : low])
    if (ranged) at += 2
  }
  return ranges
}
