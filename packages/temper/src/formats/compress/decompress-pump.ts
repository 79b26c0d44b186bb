import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ByteStream } from '../../base/bytes.ts'
import { observeSource } from '../bytes/observed-source.ts'

/**
 * Pumps a stream through a transform of node:zlib, with back-pressure. Errors of the source are passed on unchanged;
 * those of the transform go through `explain`. When the consumer stops, both are closed.
 */
export async function* pump(
  source: ByteStream,
  transform: Transform,
  explain: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array> {
  const { stream, failure } = observeSource(source)
  const pumping = pipeline(stream, transform).catch((error: unknown) => ({ error }))
  try {
    yield* transform as AsyncIterable<Buffer>
  } catch (error) {
    const failed = failure()
    throw failed ? failed.error : explain(error)
  } finally {
    transform.destroy()
    await pumping
  }
}
