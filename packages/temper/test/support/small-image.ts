import { gzipSync } from 'node:zlib'
import { sha256 } from '../../src/base/digest.ts'
import { encodeTarHeader, tarEnd, tarPadding } from '../../src/formats/tar/write.ts'
import type { Blob, Descriptor } from '../../src/model/image.ts'
import { mediaTypes } from '../../src/model/image.ts'
import type { Store } from '../../src/model/store.ts'
import { blobOf, jsonBlob } from '../../src/oci/fixtures/sample.ts'

/** A real image, small: two gzip layers, the second of some megabytes that do not compress. */
export interface SmallImage {
  readonly root: Descriptor
  readonly blobs: readonly Blob[]
  /** Path in the image → content. */
  readonly files: Readonly<Record<string, string>>
}

export function smallImage(
  options: {
    readonly mediaTypes?: 'oci' | 'docker'
    readonly bytes?: number
    readonly architecture?: string
  } = {},
): SmallImage {
  const docker = options.mediaTypes === 'docker'
  const files = { 'etc/greeting': 'hello\n' }
  const filler = noise(options.bytes ?? 3_000_000)
  const tars = [
    tar({ 'etc/greeting': Buffer.from(files['etc/greeting']) }),
    tar({ 'usr/share/filler': filler }),
  ]
  const layers = tars.map((bytes) =>
    blobOf(gzipSync(bytes, { level: 1 }), docker ? mediaTypes.dockerLayerGzip : mediaTypes.ociLayerGzip),
  )
  const config = jsonBlob(
    {
      architecture: options.architecture ?? 'amd64',
      os: 'linux',
      created: '2026-01-01T00:00:00Z',
      config: { User: '65532:65532', Entrypoint: ['/app'], WorkingDir: '/', Env: ['PATH=/usr/bin'] },
      rootfs: { type: 'layers', diff_ids: tars.map((bytes) => sha256(bytes)) },
      history: [{ created_by: 'greeting' }, { created_by: 'filler' }],
    },
    docker ? mediaTypes.dockerConfig : mediaTypes.ociConfig,
  )
  const mediaType = docker ? mediaTypes.dockerManifest : mediaTypes.ociManifest
  const manifest = jsonBlob(
    {
      schemaVersion: 2,
      mediaType,
      config: config.descriptor,
      layers: layers.map((layer) => layer.descriptor),
    },
    mediaType,
  )
  return { root: manifest.descriptor, blobs: [...layers, config, manifest], files }
}

/** An index of two small images. */
export function smallIndex(): SmallImage {
  const images = ['amd64', 'arm64'].map((architecture) => ({
    architecture,
    image: smallImage({ architecture, bytes: 1000 }),
  }))
  const manifests = images.map(({ architecture, image }) => ({
    ...image.root,
    platform: { os: 'linux', architecture },
  }))
  const mediaType = mediaTypes.ociIndex
  const index = jsonBlob({ schemaVersion: 2, mediaType, manifests }, mediaType)
  return { root: index.descriptor, blobs: [...images.flatMap(({ image }) => image.blobs), index], files: {} }
}

export async function pushImage(store: Store, image: SmallImage): Promise<void> {
  for (const blob of image.blobs) await store.push(blob)
}

function tar(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const owner = { uid: 0, gid: 0, mtime: 0 }
  const parts: Uint8Array[] = []
  const folders = new Set<string>()
  for (const path of Object.keys(files))
    for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) folders.add(path.slice(0, at))
  for (const path of folders)
    parts.push(encodeTarHeader({ path, type: 'directory', mode: 0o755, size: 0, ...owner }))
  for (const [path, content] of Object.entries(files)) {
    parts.push(encodeTarHeader({ path, type: 'file', mode: 0o644, size: content.length, ...owner }))
    parts.push(content, tarPadding(content.length))
  }
  return Buffer.concat([...parts, tarEnd])
}

function noise(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  let state = 2463534242
  for (let i = 0; i + 4 <= size; i += 4) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes.writeInt32LE(state | 0, i)
  }
  return bytes
}
