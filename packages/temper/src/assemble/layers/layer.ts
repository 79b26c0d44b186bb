import type { ByteStream } from '../../base/bytes.ts'
import { createHasher, sha256 } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import type { MemberCompressor } from '../../formats/compress/compress.ts'
import { memberDecompressor } from '../../formats/compress/decompress-member.ts'
import { tarEnd } from '../../formats/tar/write.ts'
import { type Layer, mediaTypes } from '../../model/image.ts'
import type { Compressor } from '../../model/lock.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { AssemblyCache, LayerRecord } from '../packages/cache.ts'
import { MemberWriter, memberSize } from '../packages/members.ts'
import { type ContentEntry, writeEntry } from '../packages/segment.ts'
import { type CachedSegment, readStored, type StoredLayer } from './stored.ts'

/** A layer as a list of parts: what the layer itself writes, then cached segments, then the end of the tar. */
export interface LayerParts {
  /** Folders of everything in the layer, parents first, then entries with contents of their own. */
  readonly head: readonly ContentEntry[]
  readonly segments: readonly CachedSegment[]
}

export interface ComposedLayer extends Layer {
  readonly stored: StoredLayer
}

export interface LayerOptions {
  readonly cache: AssemblyCache
  readonly compressor: MemberCompressor
  readonly spec: Compressor
  readonly mediaTypes: Recipe['output']['mediaTypes']
}

/** Members decompressed at once while a layer is read: enough to keep a few cores busy, little memory. */
const inFlight = 4

/**
 * Composes a layer out of independently compressed members. The digest is looked up when the same parts
 * were composed before; otherwise all bytes are read once for digest and diff id.
 */
export async function composeLayer(parts: LayerParts, options: LayerOptions): Promise<ComposedLayer> {
  const head = await compressHead(parts.head, options.compressor)
  const end = await options.compressor.compress(tarEnd)
  const stored = { head, segments: parts.segments, end }
  const open = () => readStored(stored, options.cache)
  const key = sha256(
    canonicalJson([options.spec, sha256(Buffer.concat(head)), parts.segments.map((segment) => segment.key)]),
  )
  let record = await options.cache.layer(key)
  if (!record) {
    record = await measure(open, options.spec)
    await options.cache.putLayer(key, record)
  }
  return {
    descriptor: { mediaType: layerMediaType(options), digest: record.digest, size: record.size },
    diffId: record.diffId,
    open,
    stored,
  }
}

/** The header entry of a folder, or of anything else without bytes. */
export function withoutContent(entry: FileEntry): ContentEntry {
  return { entry, content: new Uint8Array() }
}

async function compressHead(
  head: readonly ContentEntry[],
  compressor: MemberCompressor,
): Promise<Uint8Array[]> {
  const members: Uint8Array[] = []
  const writer = new MemberWriter(compressor, async (bytes) => {
    members.push(bytes)
  })
  for (const entry of head) await writeEntry(writer, entry)
  await writer.end()
  return members
}

/** Reads a layer once, a member a chunk: digest and size of its bytes, digest of the tar inside. */
async function measure(open: () => ByteStream, spec: Compressor): Promise<LayerRecord> {
  const decompress = memberDecompressor(spec.format, { what: 'a member of a layer', limit: memberSize })
  const compressed = createHasher()
  const uncompressed = createHasher()
  const pending: Promise<readonly Uint8Array[]>[] = []
  const hashOne = async () => {
    for (const piece of (await pending.shift()) ?? []) uncompressed.update(piece)
  }
  let size = 0
  for await (const member of open()) {
    compressed.update(member)
    size += member.length
    const content = decompress(member)
    // The error is reported by hashOne; without this a failure before then would count as unhandled.
    content.catch(() => {})
    pending.push(content)
    if (pending.length >= inFlight) await hashOne()
  }
  while (pending.length > 0) await hashOne()
  return { digest: compressed.digest(), diffId: uncompressed.digest(), size }
}

function layerMediaType(options: LayerOptions): string {
  if (options.spec.format === 'zstd') return mediaTypes.ociLayerZstd
  return options.mediaTypes === 'docker' ? mediaTypes.dockerLayerGzip : mediaTypes.ociLayerGzip
}
