import { mediaTypes } from '../../model/image.ts'

/**
 * Limit on the bytes of a manifest or index: the size that registries must accept (distribution-spec, "Pushing
 * Manifests").
 */
export const manifestLimit = 4 << 20

/** Limit on the bytes of an image configuration. */
export const configLimit = 8 << 20

/** Whether a media type is that of an image manifest or an image index; undefined for blobs. */
export function manifestKind(mediaType: string): 'index' | 'manifest' | undefined {
  switch (mediaType) {
    case mediaTypes.ociIndex:
    case mediaTypes.dockerIndex:
      return 'index'
    case mediaTypes.ociManifest:
    case mediaTypes.dockerManifest:
      return 'manifest'
    default:
      return undefined
  }
}

/** Every manifest and index type, as an Accept header. */
export const acceptManifests = [
  mediaTypes.ociIndex,
  mediaTypes.ociManifest,
  mediaTypes.dockerIndex,
  mediaTypes.dockerManifest,
].join(', ')
