import { type Digest, sha256 } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import type { MemberCompressor } from '../../formats/compress/compress.ts'
import { tarEnd } from '../../formats/tar/write.ts'
import { type Layer, mediaTypes } from '../../model/image.ts'
import type { Compressor } from '../../model/lock.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { AssemblyCache, LayerRecord } from '../packages/cache.ts'
import { MemberWriter } from '../packages/members.ts'
import { type ContentEntry, writeEntry } from '../packages/segment.ts'
import { measureLayer } from './measure.ts'
import { type CachedSegment, readOwned, readStored, type StoredLayer } from './stored.ts'

/** A layer as a list of parts: entries of its own, then cached segments, then the end of the tar. */
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
  /** Whether single files can be fetched, by a table of contents at the end. Default false. */
  readonly lazy?: boolean
  /** Measures layers elsewhere, such as in a worker; gives undefined when that is not possible. */
  readonly measure?: (layer: StoredBytes) => Promise<LayerRecord | undefined>
}

/** A layer by where its bytes come from: members, and keys of segments. */
export interface StoredBytes {
  readonly head: readonly Uint8Array[]
  readonly keys: readonly Digest[]
  readonly end: Uint8Array
}

/**
 * Composes a layer from independently compressed members. When the same parts were composed before, the digest is
 * looked up; otherwise all bytes are read once for digest and diff id.
 */
export async function composeLayer(parts: LayerParts, options: LayerOptions): Promise<ComposedLayer> {
  const head = await compressHead(parts.head, options.compressor)
  if (options.lazy === true) return await lazyLayer({ head, segments: parts.segments }, options)
  const end = await options.compressor.compress(tarEnd)
  const stored = { head, segments: parts.segments, end }
  const open = () => readStored(stored, options.cache)
  const key = sha256(
    canonicalJson([options.spec, sha256(Buffer.concat(head)), parts.segments.map((segment) => segment.key)]),
  )
  let record = await options.cache.layer(key)
  if (!record) {
    const keys = parts.segments.map((segment) => segment.key)
    record =
      (await options.measure?.({ head, keys, end })) ??
      (await measureLayer(readOwned(stored, options.cache), options.spec))
    await options.cache.putLayer(key, record)
  }
  return {
    descriptor: { mediaType: layerMediaType(options), digest: record.digest, size: record.size },
    diffId: record.diffId,
    open,
    stored,
  }
}

/** The same tar in members that begin with files, and behind them the table of what is in them in place of the plain end. */
async function lazyLayer(
  parts: Pick<StoredLayer, 'head' | 'segments'>,
  options: LayerOptions,
): Promise<ComposedLayer> {
  const { contentsTable, cutByFiles, tableAnnotations } = await import('./contents-table.ts')
  const { cache, compressor, spec } = options
  const keys = parts.segments.map(({ key }) => key)
  const members = async function* () {
    yield* parts.head
    for (const { key, maker } of parts.segments) yield* cache.readSegment(key, maker)
  }
  const key = sha256(canonicalJson(['lazy', 1, spec, sha256(Buffer.concat(parts.head)), keys]))
  const make = async () => {
    const writer = await cache.createSegment()
    try {
      for await (const member of cutByFiles(members, compressor)) await writer.write(member)
      await writer.commit(key)
    } catch (error) {
      await writer.abort()
      throw error
    }
  }
  if (!(await cache.hasSegment(key))) await make()
  const cut = { key, maker: async () => make }
  const table = await contentsTable(() => cache.readSegment(key, cut.maker), compressor)
  const stored = { head: [], segments: [cut], end: table.end }
  return {
    descriptor: {
      mediaType: layerMediaType(options),
      ...table.layer,
      annotations: {
        [tableAnnotations.digest]: table.digest,
        [tableAnnotations.size]: String(table.uncompressedSize),
      },
    },
    diffId: table.diffId,
    open: () => readStored(stored, options.cache),
    stored,
  }
}

/** The tar header of a folder, or of anything else without content. */
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

function layerMediaType(options: LayerOptions): string {
  if (options.spec.format === 'zstd') return mediaTypes.ociLayerZstd
  return options.mediaTypes === 'docker' ? mediaTypes.dockerLayerGzip : mediaTypes.ociLayerGzip
}
