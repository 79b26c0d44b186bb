/** Up to this many bytes of xz data are decoded in this thread, which takes less time than starting a program. */
export const smallInput = 192 * 1024
/** What comes out is held in memory, and not more than this. */
const mostOutput = 8 * 2 ** 20

/**
 * Decodes a few bytes of xz data in this thread. Undefined when the decoder is not sufficient: the data are damaged,
 * use something that it does not support or verify, or become large. Another decoder then has to decode them, or
 * report what is wrong.
 */
export async function decodeSmall(bytes: Uint8Array): Promise<Uint8Array[] | undefined> {
  if (!isVerified(bytes)) return undefined
  const { decodeBytes } = await import('./wasm-module.ts')
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const part of decodeBytes(bytes)) {
      size += part.length
      if (size > mostOutput) return undefined
      if (part.length > 0) parts.push(part)
    }
  } catch {
    return undefined
  }
  return parts
}

/** Whether the check of the data (stream flags, 2.1.1.2) is one of those that the decoder verifies. */
function isVerified(bytes: Uint8Array): boolean {
  return bytes[7] === 1 || bytes[7] === 4
}
