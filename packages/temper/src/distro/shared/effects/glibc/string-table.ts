/** Strings with a zero after each, and where each begins. */
export interface PackedStrings {
  readonly bytes: Buffer
  offsetOf(text: string): number
}

/**
 * The table of strings as ldconfig has written it since glibc 2.33: by their ends, in descending order, longer ones first, so that
 * a string which is the end of the one before lies in it.
 */
export function createStringTable(texts: readonly string[]): PackedStrings {
  const strings = [...new Set(texts)].map((text) => ({ text, bytes: Buffer.from(text, 'utf8') }))
  strings.sort((a, b) => compareEnds(a.bytes, b.bytes))
  const offsets = new Map<string, number>()
  const parts: Buffer[] = []
  let size = 0
  let before = Buffer.alloc(0)
  for (const { text, bytes } of strings) {
    const inside =
      before.length >= bytes.length && before.subarray(before.length - bytes.length).equals(bytes)
    if (!inside) {
      parts.push(bytes, Buffer.alloc(1))
      size += bytes.length + 1
    }
    offsets.set(text, size - 1 - bytes.length)
    before = bytes
  }
  return { bytes: Buffer.concat(parts), offsetOf: (text) => offsets.get(text) ?? 0 }
}

/** By the last byte, then the one before…, higher ones first. */
function compareEnds(a: Buffer, b: Buffer): number {
  for (let i = 1; i <= Math.min(a.length, b.length); i++) {
    const difference = (b[b.length - i] ?? 0) - (a[a.length - i] ?? 0)
    if (difference !== 0) return difference
  }
  return b.length - a.length
}
