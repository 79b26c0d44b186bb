import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { TemperError } from '../../../base/error.ts'
import { fileError } from '../../../base/file.ts'
import { BlockCache } from './block-cache.ts'
import { badIndexFile } from './index-error.ts'
import { decodeHeader, headerSize, type IndexMeta, type TableName, tableNames } from './index-file.ts'
import { Table } from './table.ts'

/** An index file that is open: its description, and its tables. */
export interface IndexFile {
  readonly path: string
  readonly size: number
  /** SHA-256 of its description in hex. */
  readonly digest: string
  /** Bytes of the description at the end. */
  readonly metaSize: number
  readonly meta: IndexMeta
  readonly tables: Readonly<Record<TableName, Table>>
  close(): void
}

/** Bytes of inflated blocks that are kept. */
const cacheSize = 8 * 1024 * 1024

/**
 * Opens an index file: reads header and description only. Throws `bad-index` for what is not one, is cut off or damaged,
 * `not-found` when there is no file.
 */
export function openIndexFile(path: string, options: { readonly cacheSize?: number } = {}): IndexFile {
  const descriptor = openDescriptor(path)
  try {
    const { size } = fstatSync(descriptor)
    const { meta, metaOffset, digest } = readMeta(descriptor, size)
    const cache = new BlockCache(options.cacheSize ?? cacheSize)
    const file = { path, descriptor, end: metaOffset, cache }
    const tables = Object.fromEntries(tableNames.map((name) => [name, new Table(file, meta.tables[name])]))
    let open = true
    return {
      path,
      size,
      digest,
      metaSize: size - metaOffset,
      meta,
      tables: tables as Record<TableName, Table>,
      close: () => {
        if (open) closeSync(descriptor)
        open = false
      },
    }
  } catch (error) {
    closeSync(descriptor)
    if (error instanceof TemperError) throw error
    throw badIndexFile(path, error instanceof Error ? error.message : 'it cannot be read')
  }
}

function openDescriptor(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError('read', path, error)
    throw new TemperError('not-found', `There is no index of advisories at ${path}`, {
      next: { action: 'update-feeds' },
    })
  }
}

function readMeta(descriptor: number, size: number): { meta: IndexMeta; metaOffset: number; digest: string } {
  const header = decodeHeader(readAt(descriptor, 0, Math.min(headerSize, size)))
  if (header.fileSize !== size) throw new RangeError(`it has ${size} bytes, not ${header.fileSize}`)
  const text = readAt(descriptor, header.metaOffset, header.metaSize)
  if (createHash('sha256').update(text).digest('hex') !== header.metaDigest)
    throw new RangeError('its description is damaged')
  return {
    meta: checkedMeta(JSON.parse(text.toString('utf8'))),
    metaOffset: header.metaOffset,
    digest: header.metaDigest,
  }
}

/** The digest finds damage; whoever makes a file on purpose can still write any JSON into it. */
function checkedMeta(value: unknown): IndexMeta {
  const meta = value as Partial<IndexMeta> | null
  const tables = meta?.tables
  const sound =
    typeof meta === 'object' &&
    Array.isArray(meta?.feeds) &&
    meta.feeds.every(
      (feed) =>
        typeof feed?.id === 'string' && typeof feed.kind === 'string' && Number.isSafeInteger(feed.count),
    ) &&
    Array.isArray(meta.ecosystems) &&
    meta.ecosystems.every((name) => typeof name === 'string') &&
    typeof meta.blocks === 'string' &&
    typeof tables === 'object' &&
    tableNames.every((name) => isTableRef(tables?.[name]))
  if (!sound) throw new RangeError('its description is incomplete')
  return value as IndexMeta
}

function isTableRef(value: unknown): boolean {
  const ref = value as Record<string, unknown> | null | undefined
  if (typeof ref !== 'object' || ref === null) return false
  const { root, levels, rows } = ref
  if (!isCount(levels) || !isCount(rows)) return false
  if (root === undefined) return levels === 0
  const block = root as Record<string, unknown> | null
  return (
    typeof block === 'object' &&
    block !== null &&
    Number(levels) > 0 &&
    ['offset', 'stored', 'size', 'checksum'].every((name) => isCount(block[name]))
  )
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function readAt(descriptor: number, offset: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size)
  if (readSync(descriptor, bytes, 0, size, offset) !== size) throw new RangeError('it is cut off')
  return bytes
}
