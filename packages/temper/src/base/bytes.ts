import { TemperError } from './error.ts'

export type ByteStream = AsyncIterable<Uint8Array>

export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1 && chunks[0]) return chunks[0]
  return Buffer.concat(chunks)
}

/** Reads a whole stream into memory; more than `limit` bytes is an error. */
export async function collect(
  source: ByteStream,
  options: { readonly limit: number; readonly what: string },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    if (size > options.limit) {
      throw new TemperError(
        'limit-exceeded',
        `${options.what}: larger than the limit of ${options.limit} bytes`,
      )
    }
    chunks.push(chunk)
  }
  return concatBytes(chunks)
}

/** One chunk as a stream. */
export async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield bytes
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Decodes UTF-8 strictly; undefined when the bytes are not UTF-8. */
export function tryUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** Bytes from outside, with their name for messages: the path of a file, a part of a request. */
export interface NamedBytes {
  readonly name: string
  readonly bytes: Uint8Array
}
