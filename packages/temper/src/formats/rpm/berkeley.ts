import { badDatabase, blobLimit, packageLimit, tooManyPackages } from './fault.ts'

const hashMagic = 0x061561
const pageHeaderSize = 26
const [pageHashUnsorted, pageOverflow, pageHashMeta, pageHash] = [2, 7, 8, 13]
const [itemKeyData, itemOffPage] = [1, 3]

interface Database {
  readonly bytes: Buffer
  readonly little: boolean
  readonly pageSize: number
  readonly pages: number
  readonly what: string
}

/**
 * The headers in a `Packages` file: a hash table of Berkeley DB (db-5.3, src/dbinc/db_page.h), in either byte order.
 * Every page of key-value pairs is read in the order of the file; the hash itself is not needed. Errors:
 * `bad-archive`, `limit-exceeded`.
 */
export function* readBerkeley(file: Uint8Array, what: string): Generator<Uint8Array, undefined, undefined> {
  const database = open(Buffer.from(file.buffer, file.byteOffset, file.length), what)
  // No byte of the file belongs to two packages: more than the file has is a chain that is used twice.
  const room = { bytes: database.bytes.length }
  let count = 0
  for (let page = 1; page < database.pages; page++) {
    const type = database.bytes[page * database.pageSize + 25]
    if (type !== pageHash && type !== pageHashUnsorted) continue
    for (const blob of pairsOf(database, page, room)) {
      if (++count > packageLimit) throw tooManyPackages(what)
      yield blob
    }
  }
}

function open(bytes: Buffer, what: string): Database {
  if (bytes.length < 512) throw badDatabase(what, 'it is cut off')
  const little = bytes.readUInt32LE(12) === hashMagic
  if (!little && bytes.readUInt32BE(12) !== hashMagic)
    throw badDatabase(what, 'it is not a hash table of Berkeley DB')
  const pageSize = little ? bytes.readUInt32LE(20) : bytes.readUInt32BE(20)
  const possible = pageSize >= 512 && pageSize <= 65536 && (pageSize & (pageSize - 1)) === 0
  if (!possible || bytes[25] !== pageHashMeta) throw badDatabase(what, 'its first page is damaged')
  if (bytes[24] !== 0) throw badDatabase(what, 'it is encrypted')
  const last = little ? bytes.readUInt32LE(32) : bytes.readUInt32BE(32)
  if ((last + 1) * pageSize > bytes.length) throw badDatabase(what, 'it is cut off')
  return { bytes, little, pageSize, pages: last + 1, what }
}

/** Values of the pairs of a page, without the counter that rpm keeps under the key 0. */
function* pairsOf(database: Database, page: number, room: { bytes: number }) {
  const { bytes, pageSize, what } = database
  const start = page * pageSize
  const items = uint16(database, start + 20)
  if (pageHeaderSize + items * 2 > pageSize) throw badDatabase(what, `page ${page} is damaged`)
  for (let item = 1; item < items; item += 2) {
    const at = uint16(database, start + pageHeaderSize + item * 2)
    const end = uint16(database, start + pageHeaderSize + (item - 1) * 2)
    if (at < pageHeaderSize || at >= end || end > pageSize) throw badDatabase(what, `page ${page} is damaged`)
    const type = bytes[start + at]
    if (type === itemKeyData) {
      // A counter has four bytes; no header has fewer than sixteen.
      if (end - at - 1 >= 16) yield bytes.subarray(start + at + 1, start + end)
    } else if (type === itemOffPage && end - at >= 12) {
      const first = uint32(database, start + at + 4)
      const size = uint32(database, start + at + 8)
      yield chain(database, { first, size, room })
    } else throw badDatabase(what, `page ${page} has an item of the unknown kind ${type}`)
  }
}

/** A value that is spread over overflow pages. */
function chain(
  database: Database,
  { first, size, room }: { readonly first: number; readonly size: number; readonly room: { bytes: number } },
): Uint8Array {
  const { bytes, pageSize, pages, what } = database
  room.bytes -= size
  if (size > blobLimit || room.bytes < 0) throw badDatabase(what, 'a value is larger than the file')
  const parts: Buffer[] = []
  let left = size
  for (let page = first; left > 0; page = uint32(database, page * pageSize + 16)) {
    if (page === 0 || page >= pages || bytes[page * pageSize + 25] !== pageOverflow)
      throw badDatabase(what, 'a value does not continue where it should')
    const length = uint16(database, page * pageSize + 22)
    if (length === 0 || pageHeaderSize + length > pageSize) throw badDatabase(what, `page ${page} is damaged`)
    const from = page * pageSize + pageHeaderSize
    parts.push(bytes.subarray(from, from + Math.min(length, left)))
    left -= length
  }
  return Buffer.concat(parts)
}

function uint16({ bytes, little }: Database, at: number): number {
  return little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
}

function uint32({ bytes, little }: Database, at: number): number {
  return little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
}
