import type { ByteStream } from '../../base/bytes.ts'
import { compressionOf, decompress } from '../decompress.ts'

/** Most bytes of one layer once unpacked. */
const layerLimit = 64 * 2 ** 30

/** The tar inside a layer, whatever its media type says of the compression. `limit`: most bytes of it. */
export async function layerTar(
  source: ByteStream,
  what: string,
  options: { readonly limit?: number } = {},
): Promise<ByteStream> {
  const iterator = source[Symbol.asyncIterator]()
  const first = await iterator.next()
  const start = first.done ? new Uint8Array() : first.value
  const whole = async function* () {
    yield start
    yield* { [Symbol.asyncIterator]: () => iterator }
  }
  return decompress(compressionOf(start), whole(), { what, limit: options.limit ?? layerLimit })
}
