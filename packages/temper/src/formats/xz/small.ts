import { wasmDecoder } from './wasm-module.ts'

/** Up to this many bytes of xz data are decoded on the spot: that takes less time than to start a program. */
export const smallInput = 192 * 1024
/** What comes out is held in memory, and not more than this. */
const mostOutput = 8 * 2 ** 20

/**
 * Decodes a few bytes of xz data in this thread. Undefined when the decoder will not do: the data are
 * damaged, have something it does not support or verify, or become large. Another decoder then has to
 * look at them, or to say what is wrong.
 */
export async function decodeSmall(bytes: Uint8Array): Promise<Uint8Array[] | undefined> {
  if (!isVerified(bytes)) return undefined
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const part of wasmDecoder(once(bytes))) {
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

function once(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })
}
