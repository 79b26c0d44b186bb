import { bytesOf } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import { canonicalJson } from '../base/json/canonical-json.ts'
import type { Blob, Descriptor } from '../model/image.ts'
import { mediaTypes } from '../model/image.ts'
import type { Store } from '../model/store.ts'

/** Small images and artifacts for tests; the same arguments give the same bytes. */

export function blobOf(content: Uint8Array | string, mediaType = 'application/octet-stream'): Blob {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return { descriptor: { mediaType, digest: sha256(bytes), size: bytes.length }, open: () => bytesOf(bytes) }
}

export function jsonBlob(value: object, mediaType: string): Blob {
  return blobOf(canonicalJson(value), mediaType)
}

/** Some bytes that do not repeat, from a seed. */
export function sampleBytes(size: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(size)
  let state = seed >>> 0 || 1
  for (let i = 0; i < size; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[i] = state & 0xff
  }
  return bytes
}

/** An empty tar archive followed by nothing: a valid layer of any size in whole blocks. */
export function layerOf(name: string): Blob {
  const header = Buffer.alloc(512)
  header.write(name, 0, 'latin1')
  header.write('0000644\x000000000\x000000000\x00', 100, 'latin1')
  header.write('00000000000\x0000000000000\0', 124, 'latin1')
  header.write('0ustar\x0000', 156, 'latin1')
  header.write('ustar\x0000', 257, 'latin1')
  header.fill(0x20, 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return blobOf(Buffer.concat([header, Buffer.alloc(1024)]), mediaTypes.ociLayerTar)
}

export interface SampleImage {
  readonly descriptor: Descriptor
  /** Children first, the manifest last. */
  readonly blobs: readonly Blob[]
}

/** An image of uncompressed layers that hold one empty file each. */
export function sampleImage(
  name = 'sample',
  options: {
    readonly layers?: number
    readonly architecture?: string
    /** Bytes of the manifest, filled up with an annotation. */
    readonly manifestSize?: number
  } = {},
): SampleImage {
  const { layers: count = 2, architecture = 'amd64', manifestSize } = options
  const layers = Array.from({ length: count }, (_, i) => layerOf(`${name}-${i + 1}`))
  const config = jsonBlob(
    {
      architecture,
      os: 'linux',
      config: { User: '65532', Entrypoint: ['/bin/app'] },
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.descriptor.digest) },
      history: layers.map((_, i) => ({ created_by: `layer ${i + 1}` })),
    },
    mediaTypes.ociConfig,
  )
  const content = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: config.descriptor,
    layers: layers.map((layer) => layer.descriptor),
  }
  const padded = (filler: string) => jsonBlob({ ...content, annotations: { filler } }, mediaTypes.ociManifest)
  const manifest =
    manifestSize === undefined
      ? jsonBlob(content, mediaTypes.ociManifest)
      : padded('x'.repeat(manifestSize - padded('').descriptor.size))
  return { descriptor: manifest.descriptor, blobs: [...layers, config, manifest] }
}

/** An index of images for amd64 and arm64. */
export function sampleIndex(name = 'sample'): SampleImage {
  const images = ['amd64', 'arm64'].map((architecture) => ({
    architecture,
    image: sampleImage(`${name}-${architecture}`, { architecture }),
  }))
  const index = jsonBlob(
    {
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests: images.map(({ architecture, image }) => ({
        ...image.descriptor,
        platform: { os: 'linux', architecture },
      })),
    },
    mediaTypes.ociIndex,
  )
  return { descriptor: index.descriptor, blobs: [...images.flatMap(({ image }) => image.blobs), index] }
}

/** An artifact attached to a subject. */
export function sampleReferrer(subject: Descriptor, artifactType: string, content = 'hello'): SampleImage {
  const payload = blobOf(content, 'text/plain')
  const empty = blobOf('{}', mediaTypes.ociEmpty)
  const manifest = jsonBlob(
    {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType,
      config: empty.descriptor,
      layers: [payload.descriptor],
      subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
      annotations: { note: content },
    },
    mediaTypes.ociManifest,
  )
  return { descriptor: manifest.descriptor, blobs: [empty, payload, manifest] }
}

export async function pushAll(store: Store, sample: SampleImage): Promise<void> {
  for (const blob of sample.blobs) await store.push(blob)
}
