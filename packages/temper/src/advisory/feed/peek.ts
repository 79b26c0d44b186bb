import type { ByteStream } from '../../base/bytes.ts'

/** The first bytes of a stream (`size`, or fewer when it is shorter), and a stream of all of it. */
export async function peek(
  source: ByteStream,
  size: number,
): Promise<{ readonly start: Uint8Array; readonly stream: ByteStream }> {
  const iterator = source[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let seen = 0
  while (seen < size) {
    const { done, value } = await iterator.next()
    if (done) break
    // The source may use its buffer again.
    chunks.push(Buffer.from(value))
    seen += value.length
  }
  return { start: Buffer.concat(chunks).subarray(0, size), stream: resumed(chunks, iterator) }
}

async function* resumed(
  chunks: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* chunks
    for (;;) {
      const { done, value } = await iterator.next()
      if (done) return
      yield value
    }
  } finally {
    await iterator.return?.()
  }
}
