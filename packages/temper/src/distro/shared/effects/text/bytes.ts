/**
 * Text of bytes that may be in any character set, as programs in the C locale see it: what is not UTF-8 becomes one
 * lone surrogate a byte, so that it can be written back as it was.
 */
export function decodeBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return decodeMixed(bytes)
  }
}

const marker = 0xdc00

function decodeMixed(bytes: Uint8Array): string {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const parts: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = characterEnd(bytes, at)
    let part: string | undefined
    try {
      part = strict.decode(bytes.subarray(at, end))
    } catch {
      // Not a character after all.
    }
    parts.push(part ?? String.fromCharCode(marker + (bytes[at] ?? 0)))
    at = part === undefined ? at + 1 : end
  }
  return parts.join('')
}

/** Where the character that seems to begin here would end; plain text goes in one piece. */
function characterEnd(bytes: Uint8Array, start: number): number {
  const first = bytes[start] ?? 0
  if (first >= 0x80) return start + (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1)
  let end = start
  while (end < bytes.length && (bytes[end] ?? 0) < 0x80) end++
  return end
}

/** The bytes of a text that `decodeBytes` made, or that was made of such. */
export function encodeBytes(text: string): Uint8Array {
  if (!/[\udc80-\udcff]/.test(text)) return new TextEncoder().encode(text)
  const parts = text
    .split(/((?<![\ud800-\udbff])[\udc80-\udcff])/)
    .map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.of((part.charCodeAt(0) - marker) & 0xff)))
  return Buffer.concat(parts)
}
