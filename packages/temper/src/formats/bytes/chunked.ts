import type { ByteStream } from '../../base/bytes.ts'

/** Bytes as a stream of chunks of at most `size` bytes. */
export async function* chunked(bytes: Uint8Array, size: number): ByteStream & AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
