import { TemperError } from '../base/error.ts'

/** A column's value (SQLite, "Record Format"); texts and blobs as bytes, undefined for NULL. */
export type SqliteValue = number | Uint8Array | undefined

const [leafPage, interiorPage] = [0x0d, 0x05]
const magic = 'SQLite format 3\0'
const rowLimit = 1_000_000
const depthLimit = 20
/** Bytes of one row: with more, a table of blobs would not fit into memory either. */
const payloadLimit = 64 << 20

/** A row with its number, which is the value of a column of type INTEGER PRIMARY KEY. */
export interface SqliteRow {
  readonly id: number
  readonly values: readonly SqliteValue[]
}

/**
 * The rows of a table in an SQLite database (sqlite.org/fileformat2.html), read from its bytes alone: nothing that a
 * database may define (views, triggers, collations) is run, and each page is read once. Indices, WITHOUT ROWID tables
 * and write-ahead logs are not supported. Columns of type INTEGER PRIMARY KEY are undefined, as stored.
 * Errors: `bad-archive`, `limit-exceeded`; no rows when there is no such table.
 */
export function* readSqliteRows(
  file: Uint8Array,
  table: string,
  options: { readonly what: string },
): Generator<SqliteRow, undefined, undefined> {
  const database = new Database(file, options.what)
  for (const { values } of database.rows(1)) {
    const [type, name, , root] = values
    if (text(type) !== 'table' || text(name) !== table || typeof root !== 'number') continue
    yield* database.rows(root)
    return
  }
}

/** The same without the numbers of rows. */
export function* readSqliteTable(
  file: Uint8Array,
  table: string,
  options: { readonly what: string },
): Generator<readonly SqliteValue[], undefined, undefined> {
  for (const { values } of readSqliteRows(file, table, options)) yield values
}

function text(value: SqliteValue): string | undefined {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : undefined
}

class Database {
  readonly #bytes: Buffer
  readonly #what: string
  readonly #pageSize: number
  readonly #usable: number
  readonly #pages: number
  #rows = 0
  /** Payload may not be larger than the file, all rows together. */
  #room: number

  constructor(file: Uint8Array, what: string) {
    this.#bytes = Buffer.from(file.buffer, file.byteOffset, file.length)
    this.#what = what
    const bytes = this.#bytes
    if (bytes.length < 512 || bytes.toString('latin1', 0, 16) !== magic) throw this.#bad('it has no header')
    const stored = bytes.readUInt16BE(16)
    this.#pageSize = stored === 1 ? 65536 : stored
    this.#usable = this.#pageSize - (bytes[20] ?? 0)
    const possible = this.#pageSize >= 512 && (this.#pageSize & (this.#pageSize - 1)) === 0
    if (!possible || this.#usable < 480) throw this.#bad('its page size is not possible')
    this.#pages = Math.floor(bytes.length / this.#pageSize)
    this.#room = bytes.length * 2
  }

  /** The rows of the table whose tree starts at a page, in the order of their ids. */
  *rows(root: number): Generator<SqliteRow, undefined, undefined> {
    const seen = new Set<number>()
    const pending: { page: number; depth: number }[] = [{ page: root, depth: 0 }]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { page, depth } = next
      if (seen.has(page) || depth > depthLimit) throw this.#bad('its pages form a circle')
      seen.add(page)
      const view = this.#page(page)
      // Page 1 starts with the file's header.
      const at = page === 1 ? 100 : 0
      const type = view[at]
      const cells = view.readUInt16BE(at + 3)
      const pointers = at + (type === interiorPage ? 12 : 8)
      if (pointers + cells * 2 > view.length) throw this.#bad(`page ${page} is damaged`)
      if (type === leafPage) {
        for (let cell = 0; cell < cells; cell++) yield this.#row(view, view.readUInt16BE(pointers + cell * 2))
      } else if (type === interiorPage) {
        pending.push({ page: view.readUInt32BE(at + 8), depth: depth + 1 })
        for (let cell = cells - 1; cell >= 0; cell--) {
          const pointer = view.readUInt16BE(pointers + cell * 2)
          if (pointer + 4 > view.length) throw this.#bad(`page ${page} is damaged`)
          pending.push({ page: view.readUInt32BE(pointer), depth: depth + 1 })
        }
      } else throw this.#bad(`page ${page} is of no table`)
    }
  }

  #row(page: Buffer, at: number): SqliteRow {
    if (++this.#rows > rowLimit) throw this.#tooMuch(`more than ${rowLimit} rows`)
    const size = this.#varint(page, at)
    const id = this.#varint(page, size.end)
    const payload = this.#payload(page, id.end, size.value)
    const header = this.#varint(payload, 0)
    if (header.value > payload.length) throw this.#bad('a row is damaged')
    const values: SqliteValue[] = []
    let body = header.value
    for (let next = header.end; next < header.value; ) {
      const kind = this.#varint(payload, next)
      next = kind.end
      const length = lengthOf(kind.value)
      if (body + length > payload.length) throw this.#bad('a row is damaged')
      values.push(decoded(kind.value, payload.subarray(body, body + length)))
      body += length
    }
    return { id: id.value, values }
  }

  /** The bytes of a row, those on overflow pages too ("B-tree Pages", cell payload overflow). */
  #payload(page: Buffer, at: number, size: number): Buffer {
    this.#room -= size
    if (this.#room < 0) throw this.#bad('its rows are larger than the file')
    if (size > payloadLimit) throw this.#tooMuch(`a row of more than ${payloadLimit} bytes`)
    const usable = this.#usable
    const most = usable - 35
    if (size <= most) return this.#slice(page, at, size)
    const least = Math.floor(((usable - 12) * 32) / 255) - 23
    const rest = least + ((size - least) % (usable - 4))
    const local = rest <= most ? rest : least
    const parts = [this.#slice(page, at, local)]
    let left = size - local
    for (let next = this.#slice(page, at + local, 4).readUInt32BE(0); left > 0; ) {
      const overflow = this.#page(next)
      parts.push(overflow.subarray(4, 4 + Math.min(left, usable - 4)))
      left -= usable - 4
      next = overflow.readUInt32BE(0)
    }
    return Buffer.concat(parts)
  }

  #slice(page: Buffer, at: number, size: number): Buffer {
    if (at + size > page.length) throw this.#bad('a row is damaged')
    return page.subarray(at, at + size)
  }

  #page(number: number): Buffer {
    if (number < 1 || number > this.#pages) throw this.#bad(`page ${number} is missing`)
    return this.#bytes.subarray((number - 1) * this.#pageSize, (number - 1) * this.#pageSize + this.#usable)
  }

  /** Big-endian, seven bits a byte, all eight of a ninth. Numbers beyond 2^53 are no size or kind. */
  #varint(bytes: Buffer, at: number): { readonly value: number; readonly end: number } {
    let value = 0
    for (let index = 0; index < 9; index++) {
      const byte = bytes[at + index]
      if (byte === undefined) throw this.#bad('a row is damaged')
      if (index === 8) return { value: value * 256 + byte, end: at + 9 }
      value = value * 128 + (byte & 0x7f)
      if (byte < 0x80) return { value, end: at + index + 1 }
    }
    throw this.#bad('a row is damaged')
  }

  #bad(reason: string): TemperError {
    return new TemperError('bad-archive', `${this.#what}: not a valid SQLite database: ${reason}`)
  }

  #tooMuch(reason: string): TemperError {
    return new TemperError('limit-exceeded', `${this.#what}: ${reason}`)
  }
}

/** Bytes of a value, by its serial type. */
function lengthOf(kind: number): number {
  if (kind >= 12) return Math.floor((kind - 12) / 2)
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][kind] ?? 0
}

function decoded(kind: number, bytes: Buffer): SqliteValue {
  if (kind >= 12) return bytes
  if (kind === 8 || kind === 9) return kind - 8
  if (kind >= 1 && kind <= 5) return bytes.readIntBE(0, bytes.length)
  if (kind === 6) return Number(bytes.readBigInt64BE(0))
  return kind === 7 ? bytes.readDoubleBE(0) : undefined
}
