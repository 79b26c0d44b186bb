import type { EntryType, FileEntry } from '../../model/package/package-content.ts'
import { fields, parseNumber, textField } from './block.ts'
import { decodeName, normalisePath } from './entry-path.ts'
import type { Extended } from './extended.ts'
import { damaged, quoted, type TarPlace, tooMuch } from './fault.ts'

type NumberField = 'mode' | 'uid' | 'gid' | 'size' | 'deviceMajor' | 'deviceMinor'

/** A non-negative number from a header. */
export function numberField(block: Buffer, field: NumberField, place: TarPlace): number {
  const value = parseNumber(block, fields[field])
  if (value !== undefined && value >= 0) return value
  throw damaged(place, `the field "${field}" of a tar header is not a number`)
}

/** The header of an entry, together with what extended headers say about it. */
export class TarHeader {
  readonly #block: Buffer
  readonly #extended: Extended
  readonly #place: TarPlace
  readonly #nameBytes: number
  readonly #name: string
  readonly type: EntryType

  constructor(
    block: Buffer,
    extended: Extended,
    options: { readonly place: TarPlace; readonly nameBytes: number },
  ) {
    this.#block = block
    this.#extended = extended
    this.#place = options.place
    this.#nameBytes = options.nameBytes
    this.#name = this.#bounded(extended.sparse?.name ?? extended.path ?? this.#headerName(), 'name')
    this.type = entryType(this.#flag, this.#name, this.#place)
  }

  get #flag(): number {
    return this.#block[fields.typeFlag[0]] as number
  }

  /** Bytes that follow the header, without padding. Only files have any, whatever the size field says. */
  get occupied(): number {
    const flag = this.#flag
    const holds = flag === 0x53 || flag === 0x30 || flag === 0x37 || flag === 0
    return holds ? (this.#extended.size ?? this.#number('size')) : 0
  }

  /** The entry as the model represents it; the path is empty for the root itself. `size` includes holes. */
  entry(size: number): FileEntry {
    const extended = this.#extended
    const path = normalisePath(this.#name, this.#place)
    if (path === '' && this.type !== 'directory') {
      throw damaged(this.#place, `an entry has the name ${quoted(this.#name)}`)
    }
    const entry: Writable<FileEntry> = {
      path,
      type: this.type,
      mode: this.#number('mode') & 0o7777,
      uid: extended.uid ?? this.#number('uid'),
      gid: extended.gid ?? this.#number('gid'),
      size,
      mtime: extended.mtime ?? this.#time(),
    }
    if (this.type === 'symlink' || this.type === 'hardlink') entry.target = this.#target()
    const userName = extended.userName ?? this.#text('userName')
    if (userName !== '') entry.userName = userName
    const groupName = extended.groupName ?? this.#text('groupName')
    if (groupName !== '') entry.groupName = groupName
    if (extended.xattrs) entry.xattrs = Object.fromEntries(extended.xattrs)
    if (this.type === 'character' || this.type === 'block') {
      entry.device = { major: this.#number('deviceMajor'), minor: this.#number('deviceMinor') }
    }
    return entry
  }

  /** The ustar prefix counts only with the POSIX magic, since GNU keeps times there. */
  #headerName(): string {
    const block = this.#block
    const name = decodeName(textField(block, fields.name), 'name', this.#place)
    const posix = block[fields.magic[0] + 5] === 0 && block.toString('latin1', 257, 262) === 'ustar'
    if (!posix || block[fields.prefix[0]] === 0) return name
    return `${decodeName(textField(block, fields.prefix), 'name', this.#place)}/${name}`
  }

  #target(): string {
    const text = this.#bounded(this.#extended.linkPath ?? this.#text('linkName'), 'link target')
    const target = this.type === 'hardlink' ? normalisePath(text, this.#place) : text
    if (target === '') throw damaged(this.#place, 'a link has no target')
    if (target.includes('\0')) throw damaged(this.#place, `the link target ${quoted(target)} contains a NUL`)
    return target
  }

  #bounded(name: string, role: string): string {
    const limit = this.#nameBytes
    // No character takes more than three bytes for each of its UTF-16 units.
    if (name.length > limit || (name.length > limit / 3 && Buffer.byteLength(name) > limit)) {
      throw tooMuch(this.#place, `a ${role} of more than ${limit} bytes`)
    }
    return name
  }

  #text(field: 'linkName' | 'userName' | 'groupName'): string {
    const present = this.#block[fields[field][0]] !== 0
    return present ? decodeName(textField(this.#block, fields[field]), field, this.#place) : ''
  }

  #number(field: NumberField): number {
    return numberField(this.#block, field, this.#place)
  }

  #time(): number {
    const value = parseNumber(this.#block, fields.mtime)
    if (value !== undefined) return value
    throw damaged(this.#place, 'the time in a tar header is not a number')
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function entryType(flag: number, name: string, place: TarPlace): EntryType {
  switch (flag) {
    case 0x30: // 0
    case 0:
      // Before POSIX a folder was a file whose name ends with a slash.
      return name.endsWith('/') ? 'directory' : 'file'
    case 0x37: // 7, "contiguous"
    case 0x53: // S
      return 'file'
    case 0x31:
      return 'hardlink'
    case 0x32:
      return 'symlink'
    case 0x33:
      return 'character'
    case 0x34:
      return 'block'
    case 0x35:
      return 'directory'
    case 0x36:
      return 'fifo'
    default: {
      const shown = flag > 0x20 && flag < 0x7f ? `"${String.fromCharCode(flag)}"` : String(flag)
      throw damaged(place, `the entry ${quoted(name)} has the unsupported type ${shown}`)
    }
  }
}
