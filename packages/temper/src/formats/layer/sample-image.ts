import { gzipSync } from 'node:zlib'
import { bytesOf } from '../../base/bytes.ts'
import { sha256 } from '../../base/digest.ts'
import { type Image, type ImageConfig, type Layer, mediaTypes } from '../../model/image.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import { encodeTarHeader, tarEnd, tarPadding } from '../tar/write.ts'

/** What an entry of a sample layer says; the rest is filled in. */
export type SampleEntry = Pick<FileEntry, 'path' | 'type'> &
  Partial<Pick<FileEntry, 'mode' | 'uid' | 'gid' | 'target' | 'xattrs'>> & {
    readonly content?: string | Uint8Array
  }

/** An image in memory whose layers hold the given entries, for tests. */
export function sampleImage(
  layers: readonly (readonly SampleEntry[])[],
  config: NonNullable<ImageConfig['config']> = {},
): Image {
  const made = layers.map(sampleLayer)
  const descriptor = { mediaType: mediaTypes.ociManifest, digest: sha256(JSON.stringify(layers)), size: 0 }
  return {
    descriptor,
    manifest: {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: { mediaType: mediaTypes.ociConfig, digest: sha256(''), size: 0 },
      layers: made.map((layer) => layer.descriptor),
    },
    config: {
      architecture: 'amd64',
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: made.map((layer) => layer.diffId) },
    },
    layers: made,
  }
}

function sampleLayer(entries: readonly SampleEntry[]): Layer {
  const parts = entries.flatMap(({ content = '', ...given }) => {
    const bytes = Buffer.from(given.type === 'file' ? content : '')
    const entry = { mode: given.type === 'directory' ? 0o755 : 0o644, ...owner, mtime: 0, ...given }
    return [encodeTarHeader({ ...entry, size: bytes.length }), bytes, tarPadding(bytes.length)]
  })
  const tar = Buffer.concat([...parts, tarEnd])
  const packed = gzipSync(tar)
  return {
    descriptor: { mediaType: mediaTypes.ociLayerGzip, digest: sha256(packed), size: packed.length },
    diffId: sha256(tar),
    open: () => bytesOf(packed),
  }
}

const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
