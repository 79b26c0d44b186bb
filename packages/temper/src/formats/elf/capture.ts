/** Bytes of a file from `start` (inclusive) to `end` (exclusive). */
export interface Range {
  readonly start: number
  readonly end: number
}

interface CapturedRange {
  readonly start: number
  readonly end: number
  bytes: Buffer | undefined
  /** How many bytes have arrived; they come in order, so the range is filled from its start. */
  filled: number
}

/** Keeps chosen ranges of a stream of bytes and ignores the rest. */
export interface Capture {
  /** Takes the bytes at `position` of the stream; positions must not go back. The chunk is not kept. */
  write(position: number, chunk: Uint8Array): void
  /** The bytes from `start`, or undefined when they were not all captured. A view: do not write to it. */
  read(start: number, length: number): Buffer | undefined
  /** The captured bytes from `start` to the end of their range, for tables of unknown length. */
  readFrom(start: number): Buffer | undefined
  /** Nothing at or after this position is wanted. */
  readonly end: number
}

/** Overlapping and adjacent ranges are joined; memory is allocated when the first byte of a range arrives. */
export function createCapture(wanted: readonly Range[]): Capture {
  const ranges = join(wanted)
  const end = ranges.at(-1)?.end ?? 0
  const containing = (start: number) => ranges.find((range) => start >= range.start && start < range.end)
  return {
    end,
    write(position, chunk) {
      if (position >= end) return
      const chunkEnd = position + chunk.length
      for (const range of ranges) {
        if (range.start >= chunkEnd) break
        const from = Math.max(position, range.start + range.filled)
        const to = Math.min(chunkEnd, range.end)
        if (from >= to) continue
        range.bytes ??= Buffer.allocUnsafe(range.end - range.start)
        range.bytes.set(chunk.subarray(from - position, to - position), from - range.start)
        range.filled = to - range.start
      }
    },
    read(start, length) {
      const range = containing(start)
      if (!range?.bytes || start - range.start + length > range.filled) return undefined
      return range.bytes.subarray(start - range.start, start - range.start + length)
    },
    readFrom(start) {
      const range = containing(start)
      if (!range?.bytes || start - range.start >= range.filled) return undefined
      return range.bytes.subarray(start - range.start, range.filled)
    },
  }
}

function join(wanted: readonly Range[]): CapturedRange[] {
  const joined: { start: number; end: number }[] = []
  for (const { start, end } of [...wanted].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (end <= start) continue
    const last = joined.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else joined.push({ start, end })
  }
  return joined.map((range) => ({ ...range, bytes: undefined, filled: 0 }))
}
