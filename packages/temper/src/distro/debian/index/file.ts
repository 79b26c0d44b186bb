import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { fileError } from '../../../base/file.ts'
import type { IndexedPackage, PackageIndex, PackageOrigin } from '../../../model/package/package.ts'
import { digestSize, headerSize, type IndexSections, readSections } from './layout.ts'
import { damagedIndex, nameList, rangeAt } from './names.ts'
import { decodeRecord } from './record.ts'

/** Bytes by position. Records are read through it one by one; the tables for finding them are read at once. */
export interface RandomAccess {
  readonly size: number
  read(start: number, end: number): Buffer
}

/** Files are closed when no index uses them any more; until then a removed file stays readable. */
const openFiles = new FinalizationRegistry<number>((descriptor) => closeSync(descriptor))

/** Opens a file for reading by position; undefined when there is none, or none that this user can read. */
export function openRandomAccess(path: string): RandomAccess | undefined {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw fileError('read', path, error)
  }
  const size = fstatSync(descriptor).size
  const access: RandomAccess = {
    size,
    read(start, end) {
      const bytes = Buffer.allocUnsafe(end - start)
      const count = readSync(descriptor, bytes, 0, bytes.length, start)
      if (count !== bytes.length) throw damagedIndex()
      return bytes
    },
  }
  openFiles.register(access, descriptor)
  return access
}

/**
 * The packages of one compact index file, decoded one by one when asked for. Undefined when the bytes are not such a
 * file, or are damaged, so that it can be made again.
 */
export function openIndex(
  file: RandomAccess,
  origin: Omit<PackageOrigin, 'location'>,
): PackageIndex | undefined {
  if (file.size < headerSize) return undefined
  const sections = readSections(file.read(0, headerSize), file.size)
  if (!sections || !isWhole(file)) return undefined
  const decoded = new Map<number, IndexedPackage>()
  const read = createReader(file, sections)
  const packageAt = (record: number): IndexedPackage => {
    const known = decoded.get(record)
    if (known) return known
    const indexed = decodeRecord(read.nameOf(record), read.record(record), origin)
    decoded.set(record, indexed)
    return indexed
  }
  return {
    versions(name) {
      const index = read.findName(name)
      return index < 0 ? [] : read.recordsOf(index).map(packageAt)
    },
    providers(name) {
      const index = read.findVirtual(name)
      return index < 0 ? [] : read.providersOf(index).map(packageAt)
    },
    *names() {
      for (let index = 0; index < sections.header.names; index++) yield read.name(index)
    },
  }
}

/** Bytes that are hashed at a time. */
const chunkSize = 1 << 20

/** Whether the digest at the end is that of the rest. */
function isWhole(file: RandomAccess): boolean {
  const digest = createHash('sha256')
  const end = file.size - digestSize
  for (let at = 0; at < end; at += chunkSize) digest.update(file.read(at, Math.min(end, at + chunkSize)))
  return digest.digest().equals(file.read(end, file.size))
}

function createReader(file: RandomAccess, sections: IndexSections) {
  const { header } = sections
  const table = file.read(0, sections.recordBytes)
  const number = (section: number, index: number) => table.readUInt32LE(section + index * 4)
  const range = (section: number, index: number, limit: number) => rangeAt(table, section, { index, limit })
  const names = nameList(table, {
    offsets: sections.nameOffsets,
    bytes: sections.nameBytes,
    size: header.nameBytes,
    count: header.names,
  })
  const virtual = nameList(table, {
    offsets: sections.virtualOffsets,
    bytes: sections.virtualBytes,
    size: header.virtualBytes,
    count: header.virtual,
  })
  return {
    name: names.at,
    findName: names.find,
    findVirtual: virtual.find,
    recordsOf(index: number): number[] {
      const [start, end] = range(sections.firstRecords, index, header.records)
      return Array.from({ length: end - start }, (_, i) => start + i)
    },
    providersOf(index: number): number[] {
      const [start, end] = range(sections.firstProviders, index, header.providers)
      const records = Array.from({ length: end - start }, (_, i) => number(sections.providers, start + i))
      if (records.some((record) => record >= header.records)) throw damagedIndex()
      return records
    },
    record(index: number): string {
      const [start, end] = range(sections.recordOffsets, index, header.recordBytes)
      return file.read(sections.recordBytes + start, sections.recordBytes + end).toString('utf8')
    },
    /** The name whose records hold this one. */
    nameOf(record: number): string {
      let low = 0
      let high = header.names - 1
      while (low < high) {
        const middle = (low + high + 1) >>> 1
        if (number(sections.firstRecords, middle) <= record) low = middle
        else high = middle - 1
      }
      return names.at(low)
    },
  }
}
