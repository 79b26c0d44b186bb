import type { ByteStream } from '../../base/bytes.ts'
import { createHasher } from '../../base/digest.ts'
import { releaseBytes } from '../../base/release.ts'
import { memberDecompressor } from '../../formats/compress/decompress-member.ts'
import type { Compressor } from '../../model/lock.ts'
import type { LayerRecord } from '../packages/cache.ts'
import { memberSize } from '../packages/members.ts'

/** Members decompressed at once while a layer is read: enough to keep a few cores busy, little memory. */
const inFlight = 4

/**
 * Reads a layer once, one member per chunk, for digest and size of its bytes and the digest of the tar inside. Chunks are released
 * when they have been read.
 */
export async function measureLayer(layer: ByteStream, spec: Compressor): Promise<LayerRecord> {
  const decompress = memberDecompressor(spec.format, { what: 'a member of a layer', limit: memberSize })
  const compressed = createHasher()
  const uncompressed = createHasher()
  const pending: { readonly member: Uint8Array; readonly content: Promise<readonly Uint8Array[]> }[] = []
  const hashOne = async () => {
    const next = pending.shift()
    for (const piece of (await next?.content) ?? []) {
      uncompressed.update(piece)
      releaseBytes(piece)
    }
    if (next !== undefined) releaseBytes(next.member)
  }
  let size = 0
  for await (const member of layer) {
    compressed.update(member)
    size += member.length
    const content = decompress(member)
    // The error is reported by hashOne; without this a failure before then would count as unhandled.
    content.catch(() => {})
    pending.push({ member, content })
    if (pending.length >= inFlight) await hashOne()
  }
  while (pending.length > 0) await hashOne()
  return { digest: compressed.digest(), diffId: uncompressed.digest(), size }
}
