import type { ByteStream } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'

/** A value of a JSON text, cut out unchanged. */
export interface JsonPiece {
  /**
   * The member's name in its object, decoded; absent for elements of arrays and for values that stand by themselves.
   */
  readonly name?: string
  readonly text: string
}

export interface JsonPieceOptions {
  /** What is read, for errors. */
  readonly what: string
  /** Limit on the bytes of one piece. */
  readonly limit: number
  /**
   * "values" when the text is a sequence of values (a single document, NDJSON); "members" when it is one array or
   * object whose elements or members are wanted.
   */
  readonly mode: 'values' | 'members'
}

const quote = 0x22
const backslash = 0x5c

/**
 * Cuts a stream of JSON into pieces that JSON.parse takes one by one, so that memory is bounded by the largest piece.
 * Looks only at brackets and strings; the parser decides whether a piece is JSON. Throws `bad-index` when the text
 * ends inside of something, `limit-exceeded` for a piece of more than `limit` bytes.
 */
export async function* jsonPieces(
  source: ByteStream,
  options: JsonPieceOptions,
): AsyncGenerator<JsonPiece, void, void> {
  const cutter = new PieceCutter(options)
  for await (const chunk of source) {
    cutter.push(chunk)
    yield* cutter.taken()
  }
  cutter.end()
  yield* cutter.taken()
}

class PieceCutter {
  readonly #options: JsonPieceOptions
  /** Nesting depth of the pieces. */
  readonly #base: number
  #depth = 0
  #inString = false
  #escaped = false
  /** Chunks of the current piece. */
  #parts: Buffer[] = []
  #size = 0
  #open = false
  #name: string | undefined
  #pieces: JsonPiece[] = []

  constructor(options: JsonPieceOptions) {
    this.#options = options
    this.#base = options.mode === 'members' ? 1 : 0
  }

  *taken(): Generator<JsonPiece, void, void> {
    const pieces = this.#pieces
    this.#pieces = []
    yield* pieces
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    let start = 0
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      if (this.#inString) {
        at = this.#skipString(bytes, at)
        continue
      }
      if (byte > 0x7d || isPlain[byte] === 1) {
        if (!this.#open && this.#depth === this.#base && byte > 0x20) {
          this.#open = true
          start = at
        }
        continue
      }
      const before = this.#depth
      if (byte === quote) {
        this.#inString = true
        if (this.#depth === this.#base && !this.#open) {
          this.#open = true
          start = at
        }
      } else if (byte === 0x7b || byte === 0x5b) {
        if (before === this.#base && !this.#open) {
          this.#open = true
          start = at
        }
        this.#depth++
      } else if (byte === 0x7d || byte === 0x5d) {
        if (before === 0) throw this.#bad('a bracket is closed but was never opened')
        if (before === this.#base && this.#open) this.#cut(bytes, start, at)
        this.#depth--
        if (this.#depth === this.#base && this.#open && this.#base < before) this.#cut(bytes, start, at + 1)
      } else if (before === this.#base && this.#open) {
        // A comma, a colon, or white space in a row of values.
        if (byte === 0x3a) this.#cutName(bytes, start, at)
        else if (byte === 0x2c || this.#base === 0) this.#cut(bytes, start, at)
      }
    }
    if (this.#open) this.#keep(bytes.subarray(start))
  }

  end(): void {
    if (this.#open && this.#depth === 0 && this.#base === 0 && !this.#inString) this.#finish()
    if (this.#depth !== 0 || this.#inString || this.#open) throw this.#bad('it is cut off')
  }

  /** The place of the quote that ends the string, or the last byte. */
  #skipString(bytes: Buffer, from: number): number {
    let at = from
    if (this.#escaped) {
      this.#escaped = false
      at++
    }
    for (; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte === backslash) {
        at++
        if (at >= bytes.length) this.#escaped = true
      } else if (byte === quote) {
        this.#inString = false
        return at
      }
    }
    return bytes.length - 1
  }

  #keep(bytes: Buffer): void {
    this.#size += bytes.length
    if (this.#size > this.#options.limit) {
      const { what, limit } = this.#options
      throw new TemperError('limit-exceeded', `${what}: a record has more than ${limit} bytes`)
    }
    // The stream may use its buffer again.
    this.#parts.push(Buffer.from(bytes))
  }

  #text(bytes: Buffer, start: number, end: number): string {
    const last = bytes.subarray(start, end)
    if (this.#parts.length === 0) {
      if (last.length > this.#options.limit) this.#keep(last)
      return last.toString('utf8')
    }
    this.#keep(last)
    const text = Buffer.concat(this.#parts).toString('utf8')
    this.#parts = []
    this.#size = 0
    return text
  }

  #cutName(bytes: Buffer, start: number, end: number): void {
    const text = this.#text(bytes, start, end)
    this.#open = false
    try {
      const name: unknown = JSON.parse(text)
      this.#name = typeof name === 'string' ? name : undefined
    } catch {
      throw this.#bad('a member has no valid name')
    }
  }

  #cut(bytes: Buffer, start: number, end: number): void {
    this.#push(this.#text(bytes, start, end))
  }

  #finish(): void {
    this.#push(this.#text(Buffer.alloc(0), 0, 0))
  }

  #push(text: string): void {
    this.#open = false
    this.#pieces.push({ ...(this.#name === undefined ? {} : { name: this.#name }), text })
    this.#name = undefined
  }

  #bad(found: string): TemperError {
    return new TemperError('bad-index', `${this.#options.what}: not valid JSON: ${found}`, {
      hint: 'The file is damaged or incomplete. Fetch it again.',
    })
  }
}

/** Bytes that end no value and open nothing: 1; brackets, quotes, commas, colons and white space: 0. */
const isPlain = new Uint8Array(0x7e).fill(1)
for (const byte of Buffer.from('{}[]",: \t\r\n')) isPlain[byte] = 0
