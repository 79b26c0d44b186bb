import { TemperError } from '../../base/error.ts'

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

/** A page of a table's tree: the pages below it, or its rows. */
export interface SqlitePage {
  readonly number: number
  readonly children?: readonly number[]
  readonly rows?: readonly SqliteCell[]
}

/** A row whose values are read on request, since they may be on pages that are missing. */
export interface SqliteCell {
  readonly id: number
  /** Errors: as `readSqliteRows`. */
  read(): readonly SqliteValue[]
}

/** The pages of a database, by number from 1; undefined for missing ones. */
export interface SqlitePages {
  readonly pageSize: number
  /** Total size in bytes, whatever the pages hold. */
  readonly bytes: number
  page(number: number): Buffer | undefined
}

/**
 * The rows of a table in an SQLite database (sqlite.org/fileformat2.html), read from its bytes alone: nothing that a
 * database may define (views, triggers, collations) is run, and each page is read once. Indices and WITHOUT ROWID tables
 * are not supported; a write-ahead log is a file of its own (`readSqliteLog`). Columns of type INTEGER PRIMARY KEY are undefined, as stored.
 * Errors: `bad-archive`, `limit-exceeded`; no rows when there is no such table.
 */
export function* readSqliteRows(
  file: Uint8Array,
  table: string,
  options: { readonly what: string },
): Generator<SqliteRow, undefined, undefined> {
  for (const { rows = [] } of readSqliteTree(file, table, options))
    for (const row of rows) yield { id: row.id, values: row.read() }
}

/** The pages of a table's tree, its root first. Errors: as `readSqliteRows`. */
export function* readSqliteTree(
  file: Uint8Array,
  table: string,
  { what }: { readonly what: string },
): Generator<SqlitePage, undefined, undefined> {
  const tree = new SqliteTree(pagesOf(file, what), what)
  const root = rootOf(tree.pages(1), table)
  if (root !== undefined) yield* tree.pages(root)
}

/** The root page of a table's tree, from the table of tables. */
export function rootOf(pages: Iterable<SqlitePage>, table: string): number | undefined {
  for (const { rows = [] } of pages)
    for (const row of rows) {
      const [type, name, , root] = row.read()
      if (text(type) === 'table' && text(name) === table && typeof root === 'number') return root
    }
  return undefined
}

/** The same without row numbers. */
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

function pagesOf(file: Uint8Array, what: string): SqlitePages {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length)
  const bad = (reason: string) =>
    new TemperError('bad-archive', `${what}: not a valid SQLite database: ${reason}`)
  if (bytes.length < 512 || bytes.toString('latin1', 0, 16) !== magic) throw bad('it has no header')
  const stored = bytes.readUInt16BE(16)
  const pageSize = stored === 1 ? 65536 : stored
  const usable = pageSize - (bytes[20] ?? 0)
  const possible = pageSize >= 512 && (pageSize & (pageSize - 1)) === 0
  if (!possible || usable < 480) throw bad('its page size is impossible')
  const pages = Math.floor(bytes.length / pageSize)
  return {
    pageSize: usable,
    bytes: bytes.length,
    page: (number) =>
      number < 1 || number > pages
        ? undefined
        : bytes.subarray((number - 1) * pageSize, (number - 1) * pageSize + usable),
  }
}

/** Reads the trees of tables. Everything that is read of one database counts against the same limits. */
export class SqliteTree {
  readonly #pages: SqlitePages
  readonly #what: string
  readonly #usable: number
  #rows = 0
  /** Total payload of all rows, which may not be larger than the file. */
  #room: number

  /** The `pageSize` of the pages is their usable size. */
  constructor(pages: SqlitePages, what: string) {
    this.#pages = pages
    this.#what = what
    this.#usable = pages.pageSize
    this.#room = pages.bytes * 2
  }

  /** The rows of the tree that starts at a page, in the order of their ids. */
  *pages(root: number): Generator<SqlitePage, undefined, undefined> {
    const seen = new Set<number>()
    const pending: { page: number; depth: number }[] = [{ page: root, depth: 0 }]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { page, depth } = next
      if (seen.has(page) || depth > depthLimit) throw this.#bad('its pages form a circle')
      seen.add(page)
      const node = this.page(page)
      if (node === undefined) throw this.#bad(`page ${page} belongs to no table`)
      yield node
      for (const child of [...(node.children ?? [])].reverse())
        pending.push({ page: child, depth: depth + 1 })
    }
  }

  /** One page of a table; undefined when it belongs to something else. Throws when it is damaged. */
  page(number: number): SqlitePage | undefined {
    const view = this.#page(number)
    // Page 1 starts with the file's header.
    const at = number === 1 ? 100 : 0
    const type = view[at]
    if (type !== leafPage && type !== interiorPage) return undefined
    const cells = view.readUInt16BE(at + 3)
    const pointers = at + (type === interiorPage ? 12 : 8)
    if (pointers + cells * 2 > view.length) throw this.#bad(`page ${number} is damaged`)
    const places = Array.from({ length: cells }, (_, cell) => view.readUInt16BE(pointers + cell * 2))
    if (type === leafPage) return { number, rows: places.map((place) => this.#cell(view, place)) }
    const children = places.map((place) => {
      if (place + 4 > view.length) throw this.#bad(`page ${number} is damaged`)
      return view.readUInt32BE(place)
    })
    return { number, children: [...children, view.readUInt32BE(at + 8)] }
  }

  #cell(page: Buffer, at: number): SqliteCell {
    if (++this.#rows > rowLimit) throw this.#tooMuch(`more than ${rowLimit} rows`)
    const size = this.#varint(page, at)
    const id = this.#varint(page, size.end)
    return { id: id.value, read: () => this.#values(this.#payload(page, id.end, size.value)) }
  }

  #values(payload: Buffer): readonly SqliteValue[] {
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
    return values
  }

  /** The bytes of a row, including those on overflow pages ("B-tree Pages", cell payload overflow). */
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
    const page = this.#pages.page(number)
    if (page === undefined) throw this.#bad(`page ${number} is missing`)
    return page
  }

  /**
   * A variable-length number: big-endian, seven bits per byte, and all eight of a ninth. Numbers beyond 2^53 are not
   * valid sizes or kinds.
   */
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
