import { TemperError } from '../../../base/error.ts'

/** Where a sorted list of names is in an index file; everything but `count` is in bytes. */
export interface NameSection {
  readonly offsets: number
  readonly bytes: number
  readonly size: number
  readonly count: number
}

export interface NameList {
  at(index: number): string
  /** Index of a name, or -1. */
  find(name: string): number
}

/** A list of offsets, `count + 1` numbers from `section` on, each range checked against its `limit`. */
export function rangeAt(
  table: Buffer,
  section: number,
  { index, limit }: { readonly index: number; readonly limit: number },
): readonly [start: number, end: number] {
  const start = table.readUInt32LE(section + index * 4)
  const end = table.readUInt32LE(section + index * 4 + 4)
  if (start > end || end > limit) throw damagedIndex()
  return [start, end]
}

/** A list of names that is searched in place. */
export function nameList(table: Buffer, section: NameSection): NameList {
  const range = (index: number) => {
    const [start, end] = rangeAt(table, section.offsets, { index, limit: section.size })
    return [section.bytes + start, section.bytes + end] as const
  }
  return {
    at: (index) => table.toString('latin1', ...range(index)),
    find(name) {
      const wanted = Buffer.from(name)
      let low = 0
      let high = section.count - 1
      while (low <= high) {
        const middle = (low + high) >>> 1
        const order = table.compare(wanted, 0, wanted.length, ...range(middle))
        if (order === 0) return middle
        if (order < 0) low = middle + 1
        else high = middle - 1
      }
      return -1
    },
  }
}

export function damagedIndex(): TemperError {
  return new TemperError('bad-index', 'A cached package index is damaged', {
    next: { action: 'prune-cache', all: true },
  })
}
