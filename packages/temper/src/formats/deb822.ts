import type { ByteStream } from '../base/bytes.ts'
import { TemperError } from '../base/error.ts'

/** A stanza of Debian control data: `Name: value` fields (Debian Policy 5.1, deb822(5)). */
export interface Stanza {
  /** The value of a field, whatever the case of its name; undefined when it is missing. */
  get(name: string): string | undefined
  /** Fields in order, with names as written. */
  fields(): Iterable<readonly [name: string, value: string]>
  /** 1-based line of its first field. */
  readonly line: number
}

export interface Deb822Options {
  /** What is read, for errors: "Packages of trixie/main". */
  readonly what: string
  /** Code of errors about the text. Default `bad-index`. */
  readonly code?: 'bad-index' | 'bad-archive' | 'bad-configuration'
  /**
   * Whether lines that start with # are skipped (control files in source packages, apt's .sources). Default: they are
   * an error.
   */
  readonly comments?: 'skip' | 'refuse'
  /** Lower-case names of the fields to keep; the others are checked and dropped. Default: all. */
  readonly only?: ReadonlySet<string>
  /** Limit on the characters of one line or value. Default 4 Mi. */
  readonly fieldLimit?: number
  /** Limit on the fields of a stanza. Default 1,000. */
  readonly fieldsLimit?: number
  /** Limit on stanzas. Default 1,000,000. */
  readonly stanzasLimit?: number
}

/**
 * Reads stanzas from a whole text. Values have no white space at either end; continuation lines follow after a line
 * feed, without the character that marks them. Errors: `code`, `limit-exceeded`.
 */
export function parseStanzas(text: string, options: Deb822Options): Stanza[] {
  const reader = new StanzaReader(options)
  reader.push(text)
  reader.end()
  return reader.take()
}

/** Reads the only stanza of a text (a control file, a Release file). None or several are an error. */
export function parseStanza(text: string, options: Deb822Options): Stanza {
  const [first, ...others] = parseStanzas(text, { ...options, stanzasLimit: 2 })
  if (first && others.length === 0) return first
  throw new TemperError(
    options.code ?? 'bad-index',
    `${options.what}: expected one paragraph of fields, found ${first ? 'more' : 'none'}`,
  )
}

/** As `parseStanzas`, from a stream of UTF-8 bytes, with memory for one chunk and one stanza. */
export async function* streamStanzas(
  source: ByteStream,
  options: Deb822Options,
): AsyncGenerator<Stanza, void, void> {
  const decoder = new TextDecoder()
  const reader = new StanzaReader(options)
  for await (const chunk of source) {
    reader.push(decoder.decode(chunk, { stream: true }))
    yield* reader.take()
  }
  reader.push(decoder.decode())
  reader.end()
  yield* reader.take()
}

interface Field {
  readonly name: string
  value: string
}

const tab = 0x09
const lineFeed = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const hash = 0x23

/** Takes text in pieces and gives what is complete. */
class StanzaReader {
  readonly #options: Deb822Options
  readonly #fieldLimit: number
  readonly #fieldsLimit: number
  readonly #stanzasLimit: number
  /** Lower-case forms of names as written, kept because the same few names occur again and again. */
  readonly #lowered = new Map<string, string>()
  #rest = ''
  #line = 0
  #count = 0
  #complete: Stanza[] = []
  #fields = new Map<string, Field>()
  /** Line of the first field of the open stanza; 0 when none is open. */
  #startLine = 0
  /** The field that a continuation line belongs to; "dropped" when it is not wanted. */
  #current: Field | 'dropped' | undefined

  constructor(options: Deb822Options) {
    this.#options = options
    this.#fieldLimit = options.fieldLimit ?? 4 * 1024 * 1024
    this.#fieldsLimit = options.fieldsLimit ?? 1000
    this.#stanzasLimit = options.stanzasLimit ?? 1_000_000
  }

  push(text: string): void {
    const all = this.#rest === '' ? text : this.#rest + text
    let start = 0
    for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', start)) {
      this.#readLine(all, start, end)
      start = end + 1
    }
    this.#rest = all.slice(start)
    if (this.#rest.length > this.#fieldLimit) throw this.#tooLong('a line')
  }

  end(): void {
    if (this.#rest !== '') this.#readLine(this.#rest, 0, this.#rest.length)
    this.#rest = ''
    this.#finish()
  }

  /** The stanzas that were completed since the last call. */
  take(): Stanza[] {
    const taken = this.#complete
    this.#complete = []
    return taken
  }

  #readLine(text: string, start: number, lineEnd: number): void {
    this.#line++
    const first = text.charCodeAt(start)
    if (first === hash && this.#options.comments === 'skip') return
    let end = lineEnd
    while (end > start && isBlank(text.charCodeAt(end - 1))) end--
    if (end === start) this.#finish()
    else if (end - start > this.#fieldLimit) throw this.#tooLong('a line')
    else if (first === space || first === tab) this.#continue(text.slice(start + 1, end))
    else this.#open(text, start, end)
  }

  #open(text: string, start: number, end: number): void {
    const colon = text.indexOf(':', start)
    if (colon <= start || colon >= end) {
      throw this.#fail(
        `expected "Name: value", found ${JSON.stringify(text.slice(start, Math.min(end, start + 60)))}`,
      )
    }
    const name = text.slice(start, colon)
    const key = this.#lowered.get(name) ?? this.#checkName(name)
    if (this.#startLine === 0) this.#startLine = this.#line
    if (this.#fields.has(key)) throw this.#fail(`the field "${name}" is there twice`)
    if (this.#fields.size >= this.#fieldsLimit) {
      throw this.#tooMuch(`more than ${this.#fieldsLimit} fields in a paragraph`)
    }
    if (this.#options.only && !this.#options.only.has(key)) {
      this.#current = 'dropped'
      return
    }
    let from = colon + 1
    while (from < end && isBlank(text.charCodeAt(from))) from++
    this.#current = { name, value: text.slice(from, end) }
    this.#fields.set(key, this.#current)
  }

  #continue(line: string): void {
    const current = this.#current
    if (current === undefined) throw this.#fail('a continuation line without a field before it')
    if (current === 'dropped') return
    current.value += `\n${line}`
    if (current.value.length > this.#fieldLimit) throw this.#tooLong('a field')
  }

  #finish(): void {
    if (this.#startLine === 0) return
    if (++this.#count > this.#stanzasLimit) throw this.#tooMuch(`more than ${this.#stanzasLimit} paragraphs`)
    this.#complete.push(createStanza(this.#fields, this.#startLine))
    this.#fields = new Map()
    this.#current = undefined
    this.#startLine = 0
  }

  #checkName(name: string): string {
    if (!/^[!"$-,./0-9;-~][!-9;-~]*$/.test(name) || name.length > 256) {
      throw this.#fail(`"${name.slice(0, 60)}" is not a field name`)
    }
    const key = name.toLowerCase()
    if (this.#lowered.size < 4096) this.#lowered.set(name, key)
    return key
  }

  #fail(found: string): TemperError {
    return new TemperError(
      this.#options.code ?? 'bad-index',
      `${this.#options.what}, line ${this.#line}: ${found}`,
    )
  }

  #tooMuch(what: string): TemperError {
    return new TemperError('limit-exceeded', `${this.#options.what}, line ${this.#line}: ${what}`)
  }

  #tooLong(what: string): TemperError {
    return this.#tooMuch(`${what} longer than ${this.#fieldLimit} characters`)
  }
}

function createStanza(fields: ReadonlyMap<string, Field>, line: number): Stanza {
  return {
    line,
    get: (name) => (fields.get(name) ?? fields.get(name.toLowerCase()))?.value,
    *fields() {
      for (const { name, value } of fields.values()) yield [name, value]
    },
  }
}

function isBlank(code: number): boolean {
  return code === space || code === tab || code === carriageReturn || code === lineFeed
}
