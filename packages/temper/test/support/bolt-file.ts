/**
 * Writes the file format of bbolt (go.etcd.io/bbolt, page.go, meta in db.go), in which Trivy keeps its database, as
 * far as a fixture needs it: each bucket is one leaf page, as long as it has to be.
 */

/** Keys to values or to further buckets. */
export type Bucket = ReadonlyMap<string, Uint8Array | Bucket>

const pageSize = 4096
const headerSize = 16
const elementSize = 16
const flags = { leaf: 0x02, meta: 0x04, freelist: 0x10 }
/** An element's value is the head of a bucket. */
const isBucket = 1
/** Most elements of a page: their count is 16 bits wide. */
const elementLimit = 0xffff

export function boltFile(root: Bucket): Uint8Array {
  // Pages 0 and 1 are the two copies of the meta page, page 2 the list of free pages.
  const pages = new Pages(3)
  const rootPage = pages.write(root)
  const file = Buffer.alloc(pages.end * pageSize)
  for (const { id, bytes } of pages.written) file.set(bytes, id * pageSize)
  file.set(header({ id: 2, flags: flags.freelist, count: 0, size: headerSize }), 2 * pageSize)
  for (const id of [0, 1]) file.set(meta({ id, rootPage, end: pages.end }), id * pageSize)
  return file
}

class Pages {
  readonly written: { readonly id: number; readonly bytes: Uint8Array }[] = []
  end: number

  constructor(first: number) {
    this.end = first
  }

  /** Returns the number of the bucket's page. */
  write(bucket: Bucket): number {
    const elements = [...bucket]
      .map(([name, content]) => {
        const value = content instanceof Uint8Array ? content : bucketHead(this.write(content))
        return { key: Buffer.from(name), value, flags: content instanceof Uint8Array ? 0 : isBucket }
      })
      .sort((a, b) => a.key.compare(b.key))
    if (elements.length > elementLimit) throw new Error(`${elements.length} keys are too many for one page`)
    const size = elements.reduce(
      (sum, { key, value }) => sum + elementSize + key.length + value.length,
      headerSize,
    )
    const id = this.end
    this.end += Math.ceil(size / pageSize)
    const page = Buffer.alloc(size)
    page.set(header({ id, flags: flags.leaf, count: elements.length, size }))
    let at = headerSize + elements.length * elementSize
    elements.forEach(({ key, value, flags }, i) => {
      const element = headerSize + i * elementSize
      page.writeUInt32LE(flags, element)
      // Positions count from the element itself.
      page.writeUInt32LE(at - element, element + 4)
      page.writeUInt32LE(key.length, element + 8)
      page.writeUInt32LE(value.length, element + 12)
      page.set(key, at)
      page.set(value, at + key.length)
      at += key.length + value.length
    })
    this.written.push({ id, bytes: page })
    return id
  }
}

function bucketHead(page: number): Uint8Array {
  const head = Buffer.alloc(16)
  head.writeBigUInt64LE(BigInt(page))
  return head
}

interface Header {
  readonly id: number
  readonly flags: number
  readonly count: number
  /** Bytes of the page with all that overflows. */
  readonly size: number
}

function header({ id, flags, count, size }: Header): Uint8Array {
  const bytes = Buffer.alloc(headerSize)
  bytes.writeBigUInt64LE(BigInt(id))
  bytes.writeUInt16LE(flags, 8)
  bytes.writeUInt16LE(count, 10)
  bytes.writeUInt32LE(Math.ceil(size / pageSize) - 1, 12)
  return bytes
}

function meta({ id, rootPage, end }: { id: number; rootPage: number; end: number }): Uint8Array {
  const bytes = Buffer.alloc(pageSize)
  bytes.set(header({ id, flags: flags.meta, count: 0, size: pageSize }))
  const body = bytes.subarray(headerSize)
  body.writeUInt32LE(0xed0cdaed, 0)
  body.writeUInt32LE(2, 4)
  body.writeUInt32LE(pageSize, 8)
  body.writeBigUInt64LE(BigInt(rootPage), 16)
  body.writeBigUInt64LE(2n, 32)
  body.writeBigUInt64LE(BigInt(end), 40)
  // The copy with the greater transaction counts.
  body.writeBigUInt64LE(BigInt(id), 48)
  body.writeBigUInt64LE(fnv1a(body.subarray(0, 56)), 56)
  return bytes
}

/** FNV-1a, 64 bits. */
function fnv1a(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash
}
