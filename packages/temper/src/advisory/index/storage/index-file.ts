import type { FeedState } from '../../../model/advisory/advisory.ts'
import type { TableRef } from './table-writer.ts'

/**
 * An index file: a header of 64 bytes, blocks, then one JSON text about it all. The header holds the magic, the version,
 * size and place of that text, the size of the file and the text's SHA-256.
 */
export const headerSize = 64
export const magic = 'TEMPERIX'
export const formatVersion = 2

/** Names of the tables, in the order of the file. */
export const tableNames = ['packages', 'records', 'names', 'threats'] as const

export type TableName = (typeof tableNames)[number]

/** What the JSON text says. */
export interface IndexMeta {
  /** In the order of the marks in keys. */
  readonly feeds: readonly FeedState[]
  readonly tables: Readonly<Record<TableName, TableRef>>
  /** Every ecosystem that a package row is of, sorted. */
  readonly ecosystems: readonly string[]
  /** SHA-256 in hex of all bytes before this text, with zeros for the header. */
  readonly blocks: string
}

/** Most bytes of the text: a few hundred feeds and a few thousand releases. */
export const metaLimit = 4 * 1024 * 1024

export interface Header {
  readonly metaSize: number
  readonly metaOffset: number
  readonly fileSize: number
  /** Of the JSON text, hex. */
  readonly metaDigest: string
}

export function encodeHeader(header: Header): Buffer {
  const bytes = Buffer.alloc(headerSize)
  bytes.write(magic, 0, 'latin1')
  bytes.writeUInt32LE(formatVersion, 8)
  bytes.writeUInt32LE(header.metaSize, 12)
  bytes.writeBigUInt64LE(BigInt(header.metaOffset), 16)
  bytes.writeBigUInt64LE(BigInt(header.fileSize), 24)
  bytes.write(header.metaDigest, 32, 'hex')
  return bytes
}

/** Throws an Error that says in a clause what is wrong. */
export function decodeHeader(bytes: Buffer): Header {
  if (bytes.length < headerSize || bytes.toString('latin1', 0, 8) !== magic)
    throw new RangeError('it does not start like one')
  const version = bytes.readUInt32LE(8)
  if (version !== formatVersion) throw new RangeError(`its format is ${version}, not ${formatVersion}`)
  const header = {
    metaSize: bytes.readUInt32LE(12),
    metaOffset: Number(bytes.readBigUInt64LE(16)),
    fileSize: Number(bytes.readBigUInt64LE(24)),
    metaDigest: bytes.toString('hex', 32, headerSize),
  }
  if (header.metaSize > metaLimit) throw new RangeError(`its description has ${header.metaSize} bytes`)
  if (header.metaOffset < headerSize || header.metaOffset + header.metaSize !== header.fileSize)
    throw new RangeError('its parts do not fit together')
  return header
}
