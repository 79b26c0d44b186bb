/**
 * The compact form of one Packages file. All numbers are unsigned 32-bit, little-endian:
 *
 *   header          magic (8 bytes), then the seven numbers of `IndexHeader` and a zero
 *   name offsets    names + 1, into the name bytes
 *   first records   names + 1: records of name i are from [i] to [i + 1]
 *   record offsets  records + 1, into the record bytes
 *   virtual offsets virtual + 1, into the virtual name bytes
 *   first providers virtual + 1, into the providers
 *   providers       record numbers
 *   name bytes, virtual name bytes, record bytes
 *   SHA-256 of all before
 *
 * Names are ASCII, sorted by byte and without doubles, so that they can be searched in place; records are
 * sorted by name and decoded one by one (index-record.ts).
 */
export interface IndexHeader {
  readonly names: number
  readonly records: number
  /** Names that some package provides. */
  readonly virtual: number
  readonly providers: number
  readonly nameBytes: number
  readonly virtualBytes: number
  readonly recordBytes: number
}

/** Changed whenever the layout or the records change, so that old files are no longer found. */
export const indexFormatVersion = 3

const magic = Buffer.from('TMPRIDX\x03', 'latin1')
export const headerSize = magic.length + 8 * 4
/** Bytes of the digest at the end. */
export const digestSize = 32

export function writeHeader(header: IndexHeader): Uint8Array {
  const bytes = Buffer.alloc(headerSize)
  magic.copy(bytes)
  const { names, records, virtual, providers, nameBytes, virtualBytes, recordBytes } = header
  const values = [names, records, virtual, providers, nameBytes, virtualBytes, recordBytes]
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, magic.length + i * 4)
  return bytes
}

/** Where each section starts. */
export interface IndexSections {
  readonly header: IndexHeader
  readonly nameOffsets: number
  readonly firstRecords: number
  readonly recordOffsets: number
  readonly virtualOffsets: number
  readonly firstProviders: number
  readonly providers: number
  readonly nameBytes: number
  readonly virtualBytes: number
  readonly recordBytes: number
}

/**
 * The sections of a file of `size` bytes by its first `headerSize` bytes; undefined when it is not of this
 * form or not of the size that its header says.
 */
export function readSections(file: Buffer, size: number): IndexSections | undefined {
  if (file.length < headerSize || !file.subarray(0, magic.length).equals(magic)) return undefined
  const number = (i: number) => file.readUInt32LE(magic.length + i * 4)
  const header: IndexHeader = {
    names: number(0),
    records: number(1),
    virtual: number(2),
    providers: number(3),
    nameBytes: number(4),
    virtualBytes: number(5),
    recordBytes: number(6),
  }
  const nameOffsets = headerSize
  const firstRecords = nameOffsets + (header.names + 1) * 4
  const recordOffsets = firstRecords + (header.names + 1) * 4
  const virtualOffsets = recordOffsets + (header.records + 1) * 4
  const firstProviders = virtualOffsets + (header.virtual + 1) * 4
  const providers = firstProviders + (header.virtual + 1) * 4
  const nameBytes = providers + header.providers * 4
  const virtualBytes = nameBytes + header.nameBytes
  const recordBytes = virtualBytes + header.virtualBytes
  if (recordBytes + header.recordBytes + digestSize !== size) return undefined
  return {
    header,
    nameOffsets,
    firstRecords,
    recordOffsets,
    virtualOffsets,
    firstProviders,
    providers,
    nameBytes,
    virtualBytes,
    recordBytes,
  }
}
