import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ByteStream } from '../base/bytes.ts'

/**
 * Pumps a stream through a transform of node:zlib, with back-pressure. Errors of the source come out as they
 * are; what the transform says is handed to `explain`. When the consumer stops, both are closed.
 */
export async function* pump(
  source: ByteStream,
  transform: Transform,
  explain: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array> {
  let failed: { readonly error: unknown } | undefined
  async function* observed() {
    try {
      yield* source
    } catch (error) {
      failed = { error }
      throw error
    }
  }
  const pumping = pipeline(observed(), transform).catch((error: unknown) => ({ error }))
  try {
    yield* transform as AsyncIterable<Buffer>
  } catch (error) {
    throw failed ? failed.error : explain(error)
  } finally {
    transform.destroy()
    await pumping
  }
}
