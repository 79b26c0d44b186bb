import type { ByteStream } from '../../base/bytes.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import { ByteCursor } from '../bytes/byte-cursor.ts'
import { Section } from '../bytes/section.ts'
import { blockSize, checksums, fields, isZeroBlock, paddingOf, parseNumber } from './block.ts'
import { decodeName } from './entry-path.ts'
import { applyPax, type Extended } from './extended.ts'
import { damaged, type TarPlace, tooMuch, truncated } from './fault.ts'
import { numberField, TarHeader } from './header.ts'
import { parsePax } from './pax.ts'
import { expandSparse, readOldGnuMap, readPaxMap, type SparseMap } from './sparse.ts'

export interface TarOptions {
  /** What is being read, for errors: "nginx_1.26.3-3_amd64.deb, data.tar". */
  readonly what: string
  readonly limits?: Partial<TarLimits>
  /**
   * Whether the archive must end with its two zero blocks (the default), or may simply stop after an entry, even
   * before its padding, as fragments do that are meant to be joined, and layers of umoci and other tools, which every
   * runtime accepts.
   */
  readonly endMarker?: 'required' | 'optional'
  /**
   * How names that are not UTF-8 are treated: refused (the default), or their non-ASCII bytes escaped ("caf\\xE9"),
   * for those who only look at an archive.
   */
  readonly names?: 'refuse' | 'escape'
  /** Keys of PAX records that are returned with the entry that they precede, whatever they mean. */
  readonly records?: readonly string[]
}

export interface TarLimits {
  /** Limit on headers of all kinds. Default 1,000,000. */
  readonly entries: number
  /** Limit on the bytes of one extended header or long name. Default 1 MiB. */
  readonly extendedBytes: number
  /** Limit on the bytes of a path or link target. Default 4096, as in Linux. */
  readonly nameBytes: number
  /** Limit on the bytes of a sparse file including its holes. Default 8 GiB. */
  readonly sparseBytes: number
}

const defaultLimits: TarLimits = {
  entries: 1_000_000,
  extendedBytes: 1 << 20,
  nameBytes: 4096,
  sparseBytes: 8 * 2 ** 30,
}

/** An entry with its bytes. */
export interface TarItem {
  readonly entry: FileEntry
  /**
   * Views of the incoming chunks; empty unless a file. Can be read once, before the next entry is requested; what is
   * left unread is skipped.
   */
  readonly content: ByteStream
  /**
   * Where the content starts in the archive, for those who can read it there later. Undefined for anything but files,
   * and for sparse files, whose content is not in one piece.
   */
  readonly offset?: number
  /** Requested PAX records; absent when none of them precedes the entry. */
  readonly records?: ReadonlyMap<string, string>
}

/**
 * Reads a tar archive as a stream: ustar, GNU (long names, base-256 numbers, sparse files) and PAX. Paths are
 * normalised as FileEntry describes, and the root's own entry is left out; hard links carry the path of the file that
 * they share. Every header's checksum is checked. After the end marker the source is read to its end, so that any
 * checks of the source take effect. Errors: `bad-archive` for damage, unsupported types and names that lead out of
 * the tree or are not UTF-8; `limit-exceeded`.
 */
export async function* readTar(
  source: ByteStream,
  options: TarOptions,
): AsyncGenerator<TarItem, undefined, undefined> {
  const reader = new TarReader(source, options)
  try {
    for (let item = await reader.next(); item; item = await reader.next()) {
      if (item.entry.path !== '') yield item
      await item.stored.finish()
    }
    await reader.drain()
  } finally {
    await reader.close()
  }
}

interface StoredItem extends TarItem {
  readonly stored: Section
}

class TarReader {
  readonly #cursor: ByteCursor
  readonly #place: TarPlace
  readonly #limits: TarLimits
  readonly #endMarker: 'required' | 'optional'
  readonly #wanted: readonly string[]
  readonly #global: Extended = {}
  #globalBytes = 0
  #headers = 0

  constructor(source: ByteStream, options: TarOptions) {
    this.#cursor = new ByteCursor(source)
    this.#place = { what: options.what, at: 0, names: options.names ?? 'refuse' }
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#endMarker = options.endMarker ?? 'required'
    this.#wanted = options.records ?? []
  }

  async drain(): Promise<void> {
    while (await this.#cursor.more()) this.#cursor.take(this.#cursor.available)
  }

  close(): Promise<void> {
    return this.#cursor.close()
  }

  /** The next entry, with its extended headers applied; undefined at the end of the archive. */
  async next(): Promise<StoredItem | undefined> {
    let extended: Extended | undefined
    for (;;) {
      const block = await this.#header(extended === undefined ? 'entry' : 'extended')
      if (!block) return undefined
      const flag = block[fields.typeFlag[0]] as number
      switch (flag) {
        case 0x78: // x
          extended ??= inherited(this.#global)
          this.#applyOwn(extended, await this.#body(block))
          break
        case 0x67: // g
          await this.#applyGlobal(block)
          break
        case 0x4c: // L
          extended ??= inherited(this.#global)
          extended.path = await this.#longName(block)
          break
        case 0x4b: // K
          extended ??= inherited(this.#global)
          extended.linkPath = await this.#longName(block)
          break
        default:
          return this.#item(block, extended ?? this.#global)
      }
    }
  }

  /**
   * The next header block, with its checksum verified; undefined at the end, which never follows an extended header.
   */
  async #header(after: 'entry' | 'extended'): Promise<Buffer | undefined> {
    const place = this.#place
    place.at = this.#cursor.position
    const block = await this.#cursor.read(blockSize)
    if (block.length === 0 && after === 'entry' && this.#endMarker === 'optional') return undefined
    if (block.length < blockSize) throw truncated(place)
    if (block[0] === 0 && isZeroBlock(block)) {
      if (after === 'extended')
        throw damaged(place, 'an extended header is followed by the end of the archive')
      const second = await this.#cursor.read(blockSize)
      if (second.length === blockSize && isZeroBlock(second)) return undefined
      if (second.length === 0 && this.#endMarker === 'optional') return undefined
      if (second.length < blockSize) throw truncated(place)
      throw damaged(place, 'a single block of zeros lies between the entries')
    }
    const { unsigned, signed } = checksums(block)
    const stated = parseNumber(block, fields.checksum)
    if (stated !== unsigned && stated !== signed) {
      throw damaged(place, `a tar header has the wrong checksum (expected ${stated}, found ${unsigned})`)
    }
    this.#headers += 1
    if (this.#headers > this.#limits.entries) {
      throw tooMuch(place, `more than ${this.#limits.entries} entries in the archive`)
    }
    return block
  }

  /** The whole content of a header-like entry, as a copy that stays valid. */
  async #body(block: Buffer): Promise<Buffer> {
    const size = numberField(block, 'size', this.#place)
    if (size > this.#limits.extendedBytes) {
      throw tooMuch(
        this.#place,
        `an extended header of ${size} bytes, more than ${this.#limits.extendedBytes}`,
      )
    }
    const body = await this.#cursor.read(size)
    const padding = paddingOf(size)
    if (body.length < size || (await this.#cursor.skip(padding)) < padding) throw truncated(this.#place)
    return body
  }

  #applyOwn(extended: Extended, body: Buffer): void {
    const records = parsePax(body, this.#place)
    applyPax(extended, records, this.#place)
    for (const { key, value } of records) {
      if (!this.#wanted.includes(key)) continue
      extended.records ??= new Map()
      extended.records.set(key, value.toString('latin1'))
    }
  }

  async #applyGlobal(block: Buffer): Promise<void> {
    const body = await this.#body(block)
    this.#globalBytes += body.length
    if (this.#globalBytes > this.#limits.extendedBytes) {
      throw tooMuch(this.#place, `more than ${this.#limits.extendedBytes} bytes of global PAX headers`)
    }
    applyPax(this.#global, parsePax(body, this.#place), this.#place)
  }

  async #longName(block: Buffer): Promise<string> {
    const body = await this.#body(block)
    const end = body.indexOf(0)
    return decodeName(end === -1 ? body : body.subarray(0, end), 'long name', this.#place)
  }

  async #item(block: Buffer, extended: Extended): Promise<StoredItem> {
    const place = this.#place
    const header = new TarHeader(block, extended, { place, nameBytes: this.#limits.nameBytes })
    const { type } = header
    const occupied = header.occupied
    const map = type === 'file' ? await this.#sparseMap(block, extended, occupied) : undefined
    const size = occupied - (map?.mapBytes ?? 0)
    const offset = this.#cursor.position
    const paddingMayEnd = this.#endMarker === 'optional'
    const extent = { size, padding: paddingOf(occupied), paddingMayEnd }
    const stored = new Section(this.#cursor, extent, () => truncated(place))
    const entry = header.entry(map?.size ?? (type === 'file' ? size : 0))
    const more = extended.records === undefined ? {} : { records: extended.records }
    if (type !== 'file') return { entry, content: noContent, stored, ...more }
    if (map) return { entry, content: expandSparse(stored, map), stored, ...more }
    return { entry, content: stored, offset, stored, ...more }
  }

  async #sparseMap(block: Buffer, extended: Extended, stored: number): Promise<SparseMap | undefined> {
    const old = block[fields.typeFlag[0]] === 0x53
    const { sparse } = extended
    if (!old && !sparse) return undefined
    const options = { cursor: this.#cursor, stored, place: this.#place }
    const map = sparse && !old ? await readPaxMap(sparse, options) : await readOldGnuMap(block, options)
    if (map.size > this.#limits.sparseBytes) {
      throw tooMuch(this.#place, `a sparse file of ${map.size} bytes, more than ${this.#limits.sparseBytes}`)
    }
    return map
  }
}

const noContent: ByteStream = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
}

/** What holds for one entry before its own records: a copy, so that they do not touch the global ones. */
function inherited({ sparse: _, xattrs, ...global }: Extended): Extended {
  return xattrs ? { ...global, xattrs: new Map(xattrs) } : global
}
