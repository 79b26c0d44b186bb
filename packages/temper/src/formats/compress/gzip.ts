import { createGunzip } from 'node:zlib'
import type { ByteStream } from '../../base/bytes.ts'
import { bounded, type DecompressOptions, notValid } from './decompress-fault.ts'
import { pump } from './decompress-pump.ts'

const chunkSize = 128 * 1024

/** Bytes that are inflated, in another thread, before somebody asks for them. */
const ahead = 1024 * 1024

const reading = { chunkSize, readableHighWaterMark: ahead }

/**
 * Decompresses gzip (RFC 1952), any number of members as one stream; each checksum is checked. Damaged or cut
 * off data and anything after the last member, zeros too, are errors (`bad-archive`).
 */
export async function* decompressGzip(
  source: ByteStream,
  options: DecompressOptions,
): AsyncGenerator<Uint8Array> {
  let given = 0
  async function* counted() {
    for await (const chunk of source) {
      given += chunk.length
      yield chunk
    }
  }
  const gunzip = createGunzip(reading)
  const explain = (cause: unknown) =>
    notValid('gzip', cause instanceof Error ? cause.message : String(cause), { ...options, cause })
  yield* bounded(pump(counted(), gunzip, explain), options)
  if (gunzip.bytesWritten !== given) {
    const extra = given - gunzip.bytesWritten
    throw notValid('gzip', `${extra} bytes follow that do not belong to it`, options)
  }
}
