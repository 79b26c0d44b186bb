import { badDatabase } from './fault.ts'

/** A package as its header describes it (rpm, docs/manual/format_header.md and tags.md). */
export interface RpmPackage {
  readonly name: string
  readonly version: string
  readonly release: string
  readonly epoch?: number
  readonly architecture?: string
  /** File name of the source package: "curl-7.76.1-14.el9.src.rpm". */
  readonly sourceRpm?: string
  readonly licence?: string
  readonly vendor?: string
  /** "nodejs:18:9020020230717202846:rhel9". */
  readonly modularityLabel?: string
  readonly provides: readonly string[]
  readonly requires: readonly string[]
  /** Absolute paths of files and folders. */
  readonly files: readonly string[]
}

const tags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  vendor: 1011,
  licence: 1014,
  architecture: 1022,
  oldFileNames: 1027,
  sourceRpm: 1044,
  provides: 1047,
  requires: 1049,
  folderIndices: 1116,
  baseNames: 1117,
  folderNames: 1118,
  modularityLabel: 5096,
} as const

const wanted: ReadonlySet<number> = new Set(Object.values(tags))
const [typeInt32, typeString, typeStringArray, typeI18n] = [4, 6, 8, 9]
const entrySize = 16
/** rpm's own limit of the number of tags (lib/header.cc). */
const entryLimit = 0xffff

interface Entry {
  readonly type: number
  readonly offset: number
  readonly count: number
}

/**
 * Reads a header as databases store it: number of entries, number of data bytes, entries, data; all big-endian.
 * Errors: `bad-archive`.
 */
export function parseRpmHeader(blob: Uint8Array, what: string): RpmPackage {
  const header = new Header(blob, what)
  const [name, version, release] = [
    header.text(tags.name),
    header.text(tags.version),
    header.text(tags.release),
  ]
  if (!name || !version || release === undefined) throw badDatabase(what, 'a package has no name or version')
  const epoch = header.numbers(tags.epoch)[0]
  const optional = {
    architecture: header.text(tags.architecture),
    sourceRpm: header.text(tags.sourceRpm),
    licence: header.text(tags.licence),
    vendor: header.text(tags.vendor),
    modularityLabel: header.text(tags.modularityLabel),
  }
  return {
    name,
    version,
    release,
    ...(epoch === undefined ? {} : { epoch }),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value)) as Partial<RpmPackage>),
    provides: header.texts(tags.provides),
    requires: header.texts(tags.requires),
    files: filesOf(header),
  }
}

function filesOf(header: Header): string[] {
  const bases = header.texts(tags.baseNames)
  if (bases.length === 0) return header.texts(tags.oldFileNames)
  const folders = header.texts(tags.folderNames)
  const indices = header.numbers(tags.folderIndices)
  return bases.map((base, at) => `${folders[indices[at] ?? -1] ?? '/'}${base}`)
}

class Header {
  readonly #entries = new Map<number, Entry>()
  readonly #data: Buffer
  readonly #what: string

  constructor(blob: Uint8Array, what: string) {
    this.#what = what
    const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.length)
    if (bytes.length < 8) throw badDatabase(what, 'a header is cut off')
    const [count, size] = [bytes.readUInt32BE(0), bytes.readUInt32BE(4)]
    const start = 8 + count * entrySize
    if (count > entryLimit || start + size > bytes.length) throw badDatabase(what, 'a header is cut off')
    this.#data = bytes.subarray(start, start + size)
    for (let at = 8; at < start; at += entrySize) {
      const tag = bytes.readUInt32BE(at)
      if (!wanted.has(tag) || this.#entries.has(tag)) continue
      this.#entries.set(tag, {
        type: bytes.readUInt32BE(at + 4),
        offset: bytes.readUInt32BE(at + 8),
        count: bytes.readUInt32BE(at + 12),
      })
    }
  }

  text(tag: number): string | undefined {
    return this.texts(tag)[0]
  }

  texts(tag: number): string[] {
    const entry = this.#entries.get(tag)
    if (entry === undefined) return []
    const { type, offset } = entry
    if (type !== typeString && type !== typeStringArray && type !== typeI18n) return []
    // Each string takes a byte at least, so the data bounds the count.
    const count = type === typeString ? 1 : entry.count
    if (offset + count > this.#data.length) throw badDatabase(this.#what, 'a header points outside its data')
    const texts: string[] = []
    for (let at = offset; texts.length < count; ) {
      const end = this.#data.indexOf(0, at)
      if (end < 0) throw badDatabase(this.#what, 'a text in a header has no end')
      texts.push(this.#data.toString('utf8', at, end))
      at = end + 1
    }
    return texts
  }

  numbers(tag: number): number[] {
    const entry = this.#entries.get(tag)
    if (entry === undefined || entry.type !== typeInt32) return []
    const { offset, count } = entry
    if (offset + count * 4 > this.#data.length)
      throw badDatabase(this.#what, 'a header points outside its data')
    return Array.from({ length: count }, (_, index) => this.#data.readUInt32BE(offset + index * 4))
  }
}
