import { join } from 'node:path'
import { type CachedSegment, readStored, type StoredLayer } from '../../assemble/layers/stored.ts'
import { AssemblyCache } from '../../assemble/packages/cache.ts'
import { bytesOf, collect } from '../../base/bytes.ts'
import { type Digest, sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { isThere } from '../../base/file.ts'
import { ValueCache } from '../../base/value-cache.ts'
import type { Blob, Descriptor, Image, Layer } from '../../model/image.ts'
import type { Artifact } from '../../oci/image/artifact.ts'
import type { Context } from '../context.ts'
import type { PlatformResult } from './result.ts'

/** Everything that a build writes, with layers made of cached segments: no planning or proving is left to do. */
export interface PreparedBuild {
  readonly images: readonly PreparedImage[]
  /** Over the images, when there are several. */
  readonly index: Blob | undefined
  readonly evidence: readonly Artifact[]
  readonly platforms: readonly PlatformResult[]
  /** Messages for the person whenever the image is built. */
  readonly warnings: readonly string[]
}

export interface PreparedImage {
  readonly image: Image
  /** The segments that make up the bytes of its layers, in their order. */
  readonly stored: readonly StoredLayer[]
}

/**
 * A prepared build in the cache: the size of a JSON text as 32-bit little-endian number, that text, then byte strings one
 * after the other, each once, which the text names by their number.
 */
interface KeptBuild {
  readonly sizes: readonly number[]
  readonly images: readonly KeptImage[]
  readonly index?: KeptBlob
  readonly evidence: readonly { readonly manifest: KeptBlob; readonly blobs: readonly KeptBlob[] }[]
  readonly platforms: readonly PlatformResult[]
  readonly warnings: readonly string[]
}

interface KeptImage extends Pick<Image, 'descriptor' | 'manifest' | 'config'> {
  readonly layers: readonly KeptLayer[]
}

interface KeptLayer extends Pick<Layer, 'descriptor' | 'diffId'> {
  readonly head: readonly number[]
  readonly segments: readonly Digest[]
  readonly end: number
}

interface KeptBlob {
  readonly descriptor: Descriptor
  readonly bytes: number
}

/** Documents that describe an image: far more than any has. */
const mostBytes = 1 << 30

/** Prepared builds in the cache, by the name of the build. */
export class PreparedBuilds {
  readonly #values: ValueCache
  readonly #segments: AssemblyCache
  readonly #program: string

  constructor(context: Pick<Context, 'cacheDir' | 'progress' | 'program'>) {
    this.#values = new ValueCache(join(context.cacheDir, 'prepared-1'), context.progress)
    this.#segments = new AssemblyCache(context.cacheDir, context.progress)
    this.#program = context.program?.() ?? ''
  }

  /** `again` makes the build without this cache, to restore a segment that is missing or damaged. */
  async get(key: Digest, again: () => Promise<PreparedBuild>): Promise<PreparedBuild | undefined> {
    const bytes = await this.#values.get(this.#name(key))
    if (bytes === undefined) return undefined
    const { kept, parts } = decode(bytes)
    const part = (index: number): Uint8Array => parts[index] ?? new Uint8Array()
    const segment = (digest: Digest): CachedSegment => ({
      key: digest,
      maker: async () => await makerIn(await again(), digest),
    })
    const blob = ({ descriptor, bytes: index }: KeptBlob): Blob => ({
      descriptor,
      open: () => bytesOf(part(index)),
    })
    const images = kept.images.map(({ layers, ...image }): PreparedImage => {
      const stored = layers.map(({ head, segments, end }) => ({
        head: head.map(part),
        segments: segments.map(segment),
        end: part(end),
      }))
      const opened = layers.map(({ descriptor, diffId }, at) => ({
        descriptor,
        diffId,
        open: () => readStored(stored[at] as StoredLayer, this.#segments),
      }))
      return { image: { ...image, layers: opened }, stored }
    })
    const evidence = kept.evidence.map(({ manifest, blobs }) => ({
      manifest: blob(manifest),
      blobs: blobs.map(blob),
    }))
    const index = kept.index && blob(kept.index)
    return { images, index, evidence, platforms: kept.platforms, warnings: kept.warnings }
  }

  /** Whether an entry with that name exists, intact or not. */
  async has(key: Digest): Promise<boolean> {
    return await isThere(this.#values.path(this.#name(key)))
  }

  async put(key: Digest, { images, index, evidence, platforms, warnings }: PreparedBuild): Promise<void> {
    const parts = new Parts()
    const kept: Omit<KeptBuild, 'sizes'> = {
      images: images.map(({ image: { descriptor, manifest, config, layers }, stored }) => ({
        descriptor,
        manifest,
        config,
        layers: layers.map((layer, at) => keptLayer(layer, stored[at], parts)),
      })),
      ...(index === undefined ? {} : { index: await keptBlob(index, parts) }),
      evidence: await Promise.all(
        evidence.map(async ({ manifest, blobs }) => ({
          manifest: await keptBlob(manifest, parts),
          blobs: await Promise.all(blobs.map((each) => keptBlob(each, parts))),
        })),
      ),
      platforms,
      warnings,
    }
    await this.#values.put(this.#name(key), encode(kept, parts.all))
  }

  #name(key: Digest): Digest {
    return sha256(`${key} ${this.#program}`)
  }
}

/** How a build just made would make one of its segments. */
async function makerIn({ images }: PreparedBuild, key: Digest): Promise<() => Promise<void>> {
  const segments = images.flatMap(({ stored }) => stored.flatMap((layer) => layer.segments))
  const same = segments.find((segment) => segment.key === key)
  // The key of a prepared build is over all that its segments are named by.
  if (same === undefined)
    throw new TemperError('internal', `The build has no segment ${key} when it is made again`)
  return await same.maker()
}

/** Byte strings, each once. */
class Parts {
  readonly all: Uint8Array[] = []
  readonly #known = new Map<Digest, number>()

  add(bytes: Uint8Array): number {
    const digest = sha256(bytes)
    const index = this.#known.get(digest) ?? this.all.push(bytes) - 1
    this.#known.set(digest, index)
    return index
  }
}

function keptLayer({ descriptor, diffId }: Layer, stored: StoredLayer | undefined, parts: Parts): KeptLayer {
  const { head = [], segments = [], end = new Uint8Array() } = stored ?? {}
  return {
    descriptor,
    diffId,
    head: head.map((member) => parts.add(member)),
    segments: segments.map(({ key }) => key),
    end: parts.add(end),
  }
}

async function keptBlob({ descriptor, open }: Blob, parts: Parts): Promise<KeptBlob> {
  const bytes = await collect(open(), { limit: mostBytes, what: descriptor.mediaType })
  return { descriptor, bytes: parts.add(bytes) }
}

/** In pieces: the documents of a large image are tens of megabytes. */
function encode(kept: Omit<KeptBuild, 'sizes'>, parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const text = Buffer.from(JSON.stringify({ sizes: parts.map(({ length }) => length), ...kept }))
  const size = Buffer.alloc(4)
  size.writeUInt32LE(text.length)
  return [size, text, ...parts]
}

/** What was put: it has proved itself, so its shape needs no further look. */
function decode(bytes: Uint8Array): { readonly kept: KeptBuild; readonly parts: readonly Uint8Array[] } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const start = 4 + buffer.readUInt32LE(0)
  const kept = JSON.parse(buffer.toString('utf8', 4, start)) as KeptBuild
  let position = start
  const parts = kept.sizes.map((size) => {
    position += size
    return buffer.subarray(position - size, position)
  })
  return { kept, parts }
}
