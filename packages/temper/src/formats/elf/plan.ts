import type { Range } from './capture.ts'
import { type Segment, segmentTypes } from './header.ts'

/** Limit on the bytes kept of the segment in which linkers put names and versions. */
export const headLimit = 16 * 1024 * 1024
/** Most bytes kept of all other segments together. */
const restLimit = 16 * 1024 * 1024
/** A segment this small is kept whole, whatever it is: tools that edit libraries add such segments. */
const smallSegment = 256 * 1024
/** A dynamic section has about 30 entries of 16 bytes; interpreters are paths. */
export const dynamicLimit = 1024 * 1024
export const interpreterLimit = 4096

/**
 * Which bytes of a file have to be kept to know its dynamic section, its interpreter, and the strings and version
 * tables that the dynamic section points at. Those addresses are known only once the dynamic section has gone by,
 * which is late in the file, so the places where linkers put them are kept: the first loaded segment (GNU ld, lld,
 * mold), read-only segments when the first one holds code (Go's linker), small segments, and one that was added after
 * that of the dynamic section (patchelf, with many symbols). A file without a dynamic section needs none of that.
 */
export function planCapture(segments: readonly Segment[]): Range[] {
  const wanted: Range[] = []
  const want = (segment: Segment, limit: number) => {
    wanted.push({ start: segment.offset, end: segment.offset + Math.min(segment.size, limit) })
  }
  for (const segment of segments) {
    if (segment.type === segmentTypes.dynamic) want(segment, dynamicLimit)
    if (segment.type === segmentTypes.interpreter) want(segment, interpreterLimit)
  }
  if (!segments.some((segment) => segment.type === segmentTypes.dynamic && segment.size > 0)) return wanted
  const [first, ...rest] = segments.filter((segment) => segment.type === segmentTypes.load)
  if (!first) return wanted
  want(first, headLimit)
  const dynamicAt = Math.max(
    ...segments.filter(({ type }) => type === segmentTypes.dynamic).map(({ offset }) => offset),
  )
  let left = restLimit
  for (const segment of rest) {
    const readOnly = first.executable && !segment.executable && !segment.writable
    const added = segment.offset > dynamicAt && !segment.executable
    if (!readOnly && !added && segment.size > smallSegment) continue
    want(segment, left)
    left -= Math.min(segment.size, left)
  }
  return wanted
}
