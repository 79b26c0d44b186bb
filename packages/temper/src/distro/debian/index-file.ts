import { TemperError } from '../../base/error.ts'
import type { IndexedPackage, PackageIndex, PackageOrigin } from '../../model/package.ts'
import { type IndexSections, readSections } from './index-layout.ts'
import { decodeRecord } from './index-record.ts'

/**
 * The packages of one compact index file, decoded one by one when asked for. Undefined when the bytes are
 * not such a file, so that it can be made anew.
 */
export function openIndex(file: Buffer, origin: Omit<PackageOrigin, 'location'>): PackageIndex | undefined {
  const sections = readSections(file)
  if (!sections) return undefined
  const decoded = new Map<number, IndexedPackage>()
  const read = createReader(file, sections)
  const packageAt = (record: number): IndexedPackage => {
    const known = decoded.get(record)
    if (known) return known
    const found = decodeRecord(read.nameOf(record), read.record(record), origin)
    decoded.set(record, found)
    return found
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

function createReader(file: Buffer, sections: IndexSections) {
  const { header } = sections
  const number = (section: number, index: number) => file.readUInt32LE(section + index * 4)
  /** The range from entry `index` to the next of a list of offsets, checked against what it points into. */
  const range = (section: number, index: number, limit: number): readonly [start: number, end: number] => {
    const start = number(section, index)
    const end = number(section, index + 1)
    if (start > end || end > limit) throw damaged()
    return [start, end]
  }
  /** Index of a name in a sorted list, or -1. */
  const find = (
    name: string,
    list: { offsets: number; bytes: number; size: number; count: number },
  ): number => {
    const wanted = Buffer.from(name)
    let low = 0
    let high = list.count - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const [start, end] = range(list.offsets, middle, list.size)
      const order = file.compare(wanted, 0, wanted.length, list.bytes + start, list.bytes + end)
      if (order === 0) return middle
      if (order < 0) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
  const names = {
    offsets: sections.nameOffsets,
    bytes: sections.nameBytes,
    size: header.nameBytes,
    count: header.names,
  }
  const virtual = {
    offsets: sections.virtualOffsets,
    bytes: sections.virtualBytes,
    size: header.virtualBytes,
    count: header.virtual,
  }
  const name = (index: number): string => {
    const [start, end] = range(names.offsets, index, names.size)
    return file.toString('latin1', names.bytes + start, names.bytes + end)
  }
  return {
    name,
    findName: (text: string) => find(text, names),
    findVirtual: (text: string) => find(text, virtual),
    recordsOf(index: number): number[] {
      const [start, end] = range(sections.firstRecords, index, header.records)
      return Array.from({ length: end - start }, (_, i) => start + i)
    },
    providersOf(index: number): number[] {
      const [start, end] = range(sections.firstProviders, index, header.providers)
      const records = Array.from({ length: end - start }, (_, i) => number(sections.providers, start + i))
      if (records.some((record) => record >= header.records)) throw damaged()
      return records
    },
    record(index: number): string {
      const [start, end] = range(sections.recordOffsets, index, header.recordBytes)
      return file.toString('utf8', sections.recordBytes + start, sections.recordBytes + end)
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
      return name(low)
    },
  }
}

function damaged(): TemperError {
  return new TemperError('bad-index', 'A cached package index is damaged', {
    hint: 'Run "temper cache prune --all" and try again.',
  })
}
