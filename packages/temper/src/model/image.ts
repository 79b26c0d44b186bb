import type { ByteStream } from '../base/bytes.ts'
import type { Digest } from '../base/digest.ts'

/** OCI image-spec media types and the Docker ones that mean the same. */
export const mediaTypes = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociLayerTar: 'application/vnd.oci.image.layer.v1.tar',
  ociLayerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  ociLayerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  ociEmpty: 'application/vnd.oci.empty.v1+json',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const

/** image-spec descriptor.md. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
  readonly annotations?: Readonly<Record<string, string>>
  readonly platform?: DescriptorPlatform
  readonly artifactType?: string
}

/** A platform as image indices write it; foreign images may name any. */
export interface DescriptorPlatform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
}

/** image-spec manifest.md. */
export interface Manifest {
  readonly schemaVersion: 2
  readonly mediaType: string
  readonly artifactType?: string
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
  readonly subject?: Descriptor
  readonly annotations?: Readonly<Record<string, string>>
}

/** image-spec image-index.md. */
export interface ImageIndex {
  readonly schemaVersion: 2
  readonly mediaType: string
  readonly artifactType?: string
  readonly manifests: readonly Descriptor[]
  readonly subject?: Descriptor
  readonly annotations?: Readonly<Record<string, string>>
}

/** image-spec config.md; times are RFC 3339. */
export interface ImageConfig {
  readonly created?: string
  readonly author?: string
  readonly architecture: string
  readonly os: string
  readonly variant?: string
  readonly config?: {
    readonly User?: string
    readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>
    readonly Env?: readonly string[]
    readonly Entrypoint?: readonly string[]
    readonly Cmd?: readonly string[]
    readonly Volumes?: Readonly<Record<string, Record<string, never>>>
    readonly WorkingDir?: string
    readonly Labels?: Readonly<Record<string, string>>
    readonly StopSignal?: string
    /** An extension by Docker, which OCI runtimes ignore. */
    readonly Healthcheck?: { readonly Test?: readonly string[] }
    /** An extension by Docker: instructions that run when images are built on this one. */
    readonly OnBuild?: readonly string[]
  }
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: readonly Digest[] }
  readonly history?: readonly HistoryEntry[]
}

export interface HistoryEntry {
  readonly created?: string
  readonly created_by?: string
  readonly author?: string
  readonly comment?: string
  readonly empty_layer?: boolean
}

/** Bytes with a descriptor; may be opened any number of times, each time from the start. */
export interface Blob {
  readonly descriptor: Descriptor
  open(): ByteStream
}

export interface Layer extends Blob {
  /** Digest of the uncompressed tar. */
  readonly diffId: Digest
}

/** An image. Manifest and config are a few kilobytes and are read immediately; only layer bytes are read lazily. */
export interface Image {
  readonly descriptor: Descriptor
  readonly manifest: Manifest
  readonly config: ImageConfig
  readonly layers: readonly Layer[]
}
