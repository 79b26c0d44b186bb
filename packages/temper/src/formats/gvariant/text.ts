import { GVariantError } from './type.ts'

/** A value as it is written; its type follows from where it is used. */
export type TextValue =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'bytes'; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'array' | 'tuple'; readonly items: readonly TextValue[] }
  | { readonly kind: 'dictionary'; readonly entries: readonly (readonly [TextValue, TextValue])[] }
  | { readonly kind: 'entry'; readonly entry: readonly [TextValue, TextValue] }
  | { readonly kind: 'variant'; readonly value: TextValue }
  | { readonly kind: 'maybe'; readonly value?: TextValue }
  | { readonly kind: 'typed'; readonly type: string; readonly value: TextValue }

const keywords: Readonly<Record<string, string>> = {
  boolean: 'b',
  byte: 'y',
  int16: 'n',
  uint16: 'q',
  int32: 'i',
  uint32: 'u',
  int64: 'x',
  uint64: 't',
  handle: 'h',
  double: 'd',
  string: 's',
  objectpath: 'o',
  signature: 'g',
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
}

const maximumDepth = 64

/** Reads a value in GVariant's text format. Errors: GVariantError. */
export function parseText(text: string): TextValue {
  const reader = new Reader(text)
  const value = reader.value(0)
  reader.end()
  return value
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): TextValue {
    if (depth > maximumDepth) throw new GVariantError('nested too deeply')
    const next = this.#peek()
    switch (next) {
      case '[':
        return { kind: 'array', items: this.#list('[', ']', depth) }
      case '(':
        return { kind: 'tuple', items: this.#list('(', ')', depth) }
      case '{':
        return this.#dictionary(depth)
      case '<': {
        this.#take('<')
        const value = this.value(depth + 1)
        this.#take('>')
        return { kind: 'variant', value }
      }
      case '@': {
        const type = this.#match(/@[a-z(){}]+/y).slice(1)
        return { kind: 'typed', type, value: this.value(depth + 1) }
      }
      case '"':
      case "'":
        return { kind: 'string', text: this.#string() }
    }
    if (/^b["']/.test(this.#text.slice(this.#at, this.#at + 2))) {
      this.#at++
      return { kind: 'bytes', text: this.#string() }
    }
    if (/[-+.0-9]/.test(next) || /[-+]?(?:inf|nan)\b/y.test(this.#text.slice(this.#at, this.#at + 5)))
      return {
        kind: 'number',
        text: this.#match(/[-+]?(?:0x[0-9a-fA-F]+|inf|nan|[0-9.]+(?:[eE][-+]?\d+)?)/y),
      }
    return this.#word(depth)
  }

  end(): void {
    if (this.#peek() !== '') throw new GVariantError(`unexpected "${this.#peek()}"`)
  }

  #word(depth: number): TextValue {
    const word = this.#match(/[a-z0-9]+/y)
    if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' }
    if (word === 'nothing') return { kind: 'maybe' }
    if (word === 'just') return { kind: 'maybe', value: this.value(depth + 1) }
    const type = Object.hasOwn(keywords, word) ? keywords[word] : undefined
    if (type === undefined) throw new GVariantError(`unknown word ${word}`)
    return { kind: 'typed', type, value: this.value(depth + 1) }
  }

  #list(open: string, close: string, depth: number): readonly TextValue[] {
    this.#take(open)
    const items: TextValue[] = []
    while (this.#peek() !== close) {
      if (items.length > 0) this.#take(',')
      // "(1,)" is a tuple of one.
      if (close === ')' && items.length > 0 && this.#peek() === close) break
      items.push(this.value(depth + 1))
    }
    this.#take(close)
    return items
  }

  #dictionary(depth: number): TextValue {
    this.#take('{')
    const entries: [TextValue, TextValue][] = []
    while (this.#peek() !== '}') {
      if (entries.length > 0) this.#take(',')
      const key = this.value(depth + 1)
      if (entries.length === 0 && this.#peek() === ',') {
        this.#take(',')
        const value = this.value(depth + 1)
        this.#take('}')
        return { kind: 'entry', entry: [key, value] }
      }
      this.#take(':')
      entries.push([key, this.value(depth + 1)])
    }
    this.#take('}')
    return { kind: 'dictionary', entries }
  }

  #string(): string {
    const quote = this.#text[this.#at++]
    let text = ''
    for (;;) {
      const char = this.#text[this.#at++]
      if (char === undefined) throw new GVariantError('a string without end')
      if (char === quote) return text
      text += char === '\\' ? this.#escape() : char
    }
  }

  #escape(): string {
    const char = this.#text[this.#at++] ?? ''
    if (char !== 'u' && char !== 'U') return Object.hasOwn(escapes, char) ? (escapes[char] ?? '') : char
    const digits = this.#text.slice(this.#at, this.#at + (char === 'u' ? 4 : 8))
    const code = /^(?:[0-9a-fA-F]{4}){1,2}$/.test(digits) ? Number.parseInt(digits, 16) : -1
    if (code <= 0 || code > 0x10ffff) throw new GVariantError('no such character')
    this.#at += digits.length
    return String.fromCodePoint(code)
  }

  /** The next character that is no blank; "" at the end. */
  #peek(): string {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++
    return this.#text[this.#at] ?? ''
  }

  #take(char: string): void {
    if (this.#peek() !== char) throw new GVariantError(`expected "${char}", found "${this.#peek()}"`)
    this.#at++
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [matched] = pattern.exec(this.#text) ?? []
    if (matched === undefined) throw new GVariantError(`unexpected "${this.#text[this.#at] ?? 'end'}"`)
    this.#at += matched.length
    return matched
  }
}
