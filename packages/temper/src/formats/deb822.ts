import type { ByteStream } from '../base/bytes.ts'
import { TemperError } from '../base/error.ts'

/**
 * Control data of Debian: stanzas of `Name: value` fields (Debian Policy 5.1, deb822(5)).
 */
export interface Stanza {
  /** The value of a field whatever the case of its name; undefined when it is not there. */
  get(name: string): string | undefined
  /** Fields in their order, names as written. */
  fields(): Iterable<readonly [name: string, value: string]>
  /** 1-based line of its first field. */
  readonly line: number
}

export interface Deb822Options {
  /** What is read, for errors: "Packages of trixie/main". */
  readonly what: string
  /** Code of errors about the text. Default `bad-index`. */
  readonly code?: 'bad-index' | 'bad-archive' | 'bad-configuration'
  /** Lines that start with # are left out (control files in source packages, apt's .sources). Default: an error. */
  readonly comments?: 'skip' | 'refuse'
  /** Lower-case names of the fields to keep; the others are checked and dropped. Default: all. */
  readonly only?: ReadonlySet<string>
  /** Most characters of one line or value. Default 4 Mi. */
  readonly fieldLimit?: number
  /** Most fields of a stanza. Default 1,000. */
  readonly fieldsLimit?: number
  /** Most stanzas. Default 1,000,000. */
  readonly stanzasLimit?: number
}

/**
 * Reads stanzas from a whole text. Values have no white space at both ends; continuation lines follow after
 * a line feed, without the one character that marks them. Errors: `code`, `limit-exceeded`.
 */
export function parseStanzas(text: string, options: Deb822Options): Stanza[] {
  const reader = createReader(options)
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
  const reader = createReader(options)
  for await (const chunk of source) {
    reader.push(decoder.decode(chunk, { stream: true }))
    yield* reader.take()
  }
  reader.push(decoder.decode())
  reader.end()
  yield* reader.take()
}

interface Reader {
  push(text: string): void
  end(): void
  /** What is complete so far. */
  take(): Stanza[]
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

function createReader(options: Deb822Options): Reader {
  const limits = {
    field: options.fieldLimit ?? 4 * 1024 * 1024,
    fields: options.fieldsLimit ?? 1000,
    stanzas: options.stanzasLimit ?? 1_000_000,
  }
  const lowered = new Map<string, string>()
  let rest = ''
  let line = 0
  let count = 0
  let stanzas: Stanza[] = []
  let fields = new Map<string, Field>()
  let startLine = 0
  /** The field that a continuation line belongs to; "dropped" when it is not wanted. */
  let current: Field | 'dropped' | undefined

  const fail = (found: string): TemperError =>
    new TemperError(options.code ?? 'bad-index', `${options.what}, line ${line}: ${found}`)
  const tooMuch = (what: string): TemperError =>
    new TemperError('limit-exceeded', `${options.what}, line ${line}: ${what}`)

  function finish(): void {
    if (startLine === 0) return
    if (++count > limits.stanzas) throw tooMuch(`more than ${limits.stanzas} paragraphs`)
    stanzas.push(createStanza(fields, startLine))
    fields = new Map()
    current = undefined
    startLine = 0
  }

  function continuation(text: string, start: number, end: number): void {
    if (current === undefined) throw fail('a continuation line without a field before it')
    if (current === 'dropped') return
    current.value += `\n${text.slice(start + 1, end)}`
    if (current.value.length > limits.field) throw tooMuch(`a field longer than ${limits.field} characters`)
  }

  function field(text: string, start: number, end: number): void {
    const colon = text.indexOf(':', start)
    if (colon <= start || colon >= end) throw fail(`expected "Name: value", found ${shown(text, start, end)}`)
    const name = text.slice(start, colon)
    const key = lowered.get(name) ?? checkName(name)
    if (startLine === 0) startLine = line
    if (fields.has(key)) throw fail(`the field "${name}" is there twice`)
    if (fields.size >= limits.fields) throw tooMuch(`more than ${limits.fields} fields in a paragraph`)
    if (options.only && !options.only.has(key)) {
      current = 'dropped'
      return
    }
    let from = colon + 1
    while (from < end && isBlank(text.charCodeAt(from))) from++
    current = { name, value: text.slice(from, end) }
    fields.set(key, current)
  }

  function checkName(name: string): string {
    if (!/^[!"$-,./0-9;-~][!-9;-~]*$/.test(name) || name.length > 256) {
      throw fail(`"${name.slice(0, 60)}" is not a field name`)
    }
    const key = name.toLowerCase()
    if (lowered.size < 4096) lowered.set(name, key)
    return key
  }

  function readLine(text: string, start: number, lineEnd: number): void {
    line++
    const first = text.charCodeAt(start)
    if (first === hash && options.comments === 'skip') return
    let end = lineEnd
    while (end > start && isBlank(text.charCodeAt(end - 1))) end--
    if (end === start) finish()
    else if (end - start > limits.field) throw tooMuch(`a line longer than ${limits.field} characters`)
    else if (first === space || first === tab) continuation(text, start, end)
    else field(text, start, end)
  }

  return {
    push(text) {
      const all = rest === '' ? text : rest + text
      let start = 0
      for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', start)) {
        readLine(all, start, end)
        start = end + 1
      }
      rest = all.slice(start)
      if (rest.length > limits.field) throw tooMuch(`a line longer than ${limits.field} characters`)
    },
    end() {
      if (rest !== '') readLine(rest, 0, rest.length)
      rest = ''
      finish()
    },
    take() {
      const taken = stanzas
      stanzas = []
      return taken
    },
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

function shown(text: string, start: number, end: number): string {
  return JSON.stringify(text.slice(start, Math.min(end, start + 60)))
}
