import type { ByteStream } from '../../base/bytes.ts'
import { compressionOf, decompress } from '../compress/decompress.ts'

/** Most bytes of one layer once unpacked. */
const layerLimit = 64 * 2 ** 30

/** Bytes that `compressionOf` needs. */
const startSize = 6

/** The tar inside a layer, whatever its media type says about compression. `limit` is in bytes of the tar. */
export async function layerTar(
  source: ByteStream,
  what: string,
  options: { readonly limit?: number } = {},
): Promise<ByteStream> {
  const iterator = source[Symbol.asyncIterator]()
  let start: Uint8Array = new Uint8Array()
  // The first bytes tell the compression, but may come one by one.
  while (start.length < startSize) {
    const next = await iterator.next()
    if (next.done) break
    start = start.length === 0 ? next.value : Buffer.concat([start, next.value])
  }
  const whole = async function* () {
    try {
      yield start
      yield* { [Symbol.asyncIterator]: () => iterator }
    } finally {
      // Whoever stops at the first bytes has not come to what would close the source.
      await iterator.return?.()
    }
  }
  return decompress(compressionOf(start), whole(), { what, limit: options.limit ?? layerLimit })
}
