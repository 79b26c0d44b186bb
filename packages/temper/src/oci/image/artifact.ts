import { bytesOf } from '../../base/bytes.ts'
import { sha256 } from '../../base/digest.ts'
import { type Blob, type Descriptor, type Manifest, mediaTypes } from '../../model/image.ts'

/** Something attached to an image: a manifest that names the image as its subject, and its blobs. */
export interface Artifact {
  readonly manifest: Blob
  /** The blobs, which have to be pushed before the manifest. */
  readonly blobs: readonly Blob[]
}

export interface ArtifactOptions {
  readonly artifactType: string
  /** Media type of the document; default: the artifact type. */
  readonly mediaType?: string
  /** Annotations of the artifact's manifest, which registries list with it. */
  readonly annotations?: Readonly<Record<string, string>>
}

/** A file of an artifact. */
export interface ArtifactFile {
  readonly bytes: Uint8Array
  readonly mediaType: string
  /** File name under which tools save it (image-spec annotations.md, org.opencontainers.image.title). */
  readonly title?: string
}

/**
 * One document attached to `subject` (OCI image-spec 1.1, manifest.md, "Guidelines for Artifact Usage": the empty
 * configuration, `artifactType` and `subject`).
 */
export function attachedDocument(
  subject: Descriptor,
  document: Uint8Array,
  options: ArtifactOptions,
): Artifact {
  const { mediaType = options.artifactType, ...rest } = options
  return attachedFiles(subject, [{ bytes: document, mediaType }], rest)
}

/** Several files attached to `subject`, each as a layer. */
export function attachedFiles(
  subject: Descriptor,
  files: readonly ArtifactFile[],
  options: Omit<ArtifactOptions, 'mediaType'>,
): Artifact {
  const { artifactType, annotations } = options
  const empty = blobOf(new TextEncoder().encode('{}'), mediaTypes.ociEmpty)
  const contents = files.map(({ bytes, mediaType, title }) => ({ blob: blobOf(bytes, mediaType), title }))
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType,
    config: empty.descriptor,
    layers: contents.map(({ blob: { descriptor }, title }) =>
      title === undefined
        ? descriptor
        : { ...descriptor, annotations: { 'org.opencontainers.image.title': title } },
    ),
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    ...(annotations === undefined ? {} : { annotations }),
  }
  const bytes = new TextEncoder().encode(JSON.stringify(manifest))
  return {
    manifest: blobOf(bytes, mediaTypes.ociManifest),
    blobs: [empty, ...contents.map(({ blob }) => blob)],
  }
}

function blobOf(bytes: Uint8Array, mediaType: string): Blob {
  return { descriptor: { mediaType, digest: sha256(bytes), size: bytes.length }, open: () => bytesOf(bytes) }
}
