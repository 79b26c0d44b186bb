import { padded } from './type.ts'

/** The item of a key: a value in a variant, or a nested table. */
export type GvdbItem =
  | { readonly kind: 'value'; readonly variant: Uint8Array; readonly listed: boolean }
  | { readonly kind: 'table'; readonly table: GvdbTable; readonly listed: boolean }

/** Keys and their items. Listed keys can be found by iterating over the table, others by name only. */
export type GvdbTable = ReadonlyMap<string, GvdbItem>

const none = 0xffffffff
const headerSize = 24
const itemSize = 24

/**
 * A file of GVDB ("GVariant DataBase"), little-endian, as GSettings and dconf read it: tables of hashed keys. Equal
 * tables make equal files, whatever the order of their keys.
 */
export function writeGvdb(table: GvdbTable): Uint8Array {
  const file = new FileBuilder()
  const root = file.addTable(table)
  return file.bytes(root)
}

interface Pointer {
  readonly start: number
  readonly end: number
}

/** One line of a table, before it is written. */
interface Row {
  readonly key: Uint8Array
  readonly hash: number
  readonly item: GvdbItem | 'list'
}

class FileBuilder {
  readonly #chunks: { readonly start: number; readonly data: Buffer }[] = []
  #end = headerSize

  addTable(table: GvdbTable): Pointer {
    const { rows, buckets } = hashed(table)
    const head = 8 + 4 * buckets.length
    const { data, pointer } = this.#allocate(head + itemSize * rows.length, 4)
    // No filter: readers look into the buckets at once.
    data.writeUInt32LE((5 << 27) >>> 0, 0)
    data.writeUInt32LE(buckets.length, 4)
    buckets.forEach((start, i) => void data.writeUInt32LE(start, 8 + 4 * i))
    const list = rows.findIndex(({ item }) => item === 'list')
    const listed = rows
      .map((row, index) => ({ ...row, index }))
      .filter(({ item }) => item !== 'list' && item.listed)
      .sort((a, b) => Buffer.compare(a.key, b.key))
      .map(({ index }) => index)
    rows.forEach(({ key, hash, item }, i) => {
      const at = head + itemSize * i
      const name = this.#add(key, 1)
      data.writeUInt32LE(hash, at)
      data.writeUInt32LE(item !== 'list' && item.listed ? list : none, at + 4)
      data.writeUInt32LE(name.start, at + 8)
      data.writeUInt16LE(key.length, at + 12)
      // A list of nothing is nothing.
      if (item === 'list' && listed.length === 0) return
      const value = item === 'list' ? this.#addList(listed) : this.#addItem(item)
      data.write(item === 'list' ? 'L' : item.kind === 'value' ? 'v' : 'H', at + 14, 'latin1')
      data.writeUInt32LE(value.start, at + 16)
      data.writeUInt32LE(value.end, at + 20)
    })
    return pointer
  }

  bytes(root: Pointer): Uint8Array {
    const file = Buffer.alloc(this.#end)
    file.write('GVariant', 0, 'latin1')
    file.writeUInt32LE(root.start, 16)
    file.writeUInt32LE(root.end, 20)
    for (const { start, data } of this.#chunks) data.copy(file, start)
    return file
  }

  #addItem(item: GvdbItem): Pointer {
    return item.kind === 'table' ? this.addTable(item.table) : this.#add(item.variant, 8)
  }

  #addList(indices: readonly number[]): Pointer {
    const { data, pointer } = this.#allocate(4 * indices.length, 4)
    indices.forEach((index, i) => void data.writeUInt32LE(index, 4 * i))
    return pointer
  }

  #add(bytes: Uint8Array, alignment: number): Pointer {
    const { data, pointer } = this.#allocate(bytes.length, alignment)
    data.set(bytes)
    return pointer
  }

  #allocate(size: number, alignment: number): { readonly data: Buffer; readonly pointer: Pointer } {
    const start = padded(this.#end, alignment)
    const data = Buffer.alloc(size)
    this.#end = start + size
    this.#chunks.push({ start, data })
    return { data, pointer: { start, end: this.#end } }
  }
}

/** Keys in the order of their buckets, of which there are as many as keys; "" lists the others. */
function hashed(table: GvdbTable): { readonly rows: readonly Row[]; readonly buckets: readonly number[] } {
  const all = [...table].map(([key, item]): Row => row(key, item))
  const count = all.length + 1
  const sorted = [row('', 'list'), ...all].sort(
    (a, b) => (a.hash % count) - (b.hash % count) || Buffer.compare(a.key, b.key),
  )
  const buckets: number[] = []
  for (let bucket = 0, at = 0; bucket < count; bucket++) {
    while ((sorted[at]?.hash ?? bucket) % count < bucket) at++
    buckets.push(at)
  }
  return { rows: sorted, buckets }
}

function row(key: string, item: Row['item']): Row {
  const bytes = Buffer.from(key)
  let hash = 5381
  // Bytes are signed here.
  for (const byte of bytes) hash = (Math.imul(hash, 33) + ((byte << 24) >> 24)) >>> 0
  return { key: bytes, hash, item }
}
