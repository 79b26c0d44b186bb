import { collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import type { Descriptor, Image, ImageIndex, Layer, Manifest } from '../../model/image.ts'
import { mediaTypes } from '../../model/image.ts'
import { formatPlatform, type ImagePlatform, isFor, isUsual } from '../../model/platform.ts'
import type { Store } from '../../model/store.ts'
import { badImage } from '../json-value.ts'
import { parseImageConfig } from './config.ts'
import { type ParsedManifest, parseManifest } from './manifest.ts'
import { configLimit, manifestLimit } from './media-type.ts'

export interface ReadImageOptions {
  /** Which image of an index; may be left out when the index has one only. */
  readonly platform?: ImagePlatform
}

/**
 * Reads the image that a manifest or index describes: manifest and configuration are read and checked, layers
 * stay where they are until opened. OCI and Docker types. Throws `not-found` when there is no image of the
 * platform, `bad-image`, `limit-exceeded`, and what the store throws.
 */
export async function readImage(
  store: Store,
  descriptor: Descriptor,
  options: ReadImageOptions = {},
): Promise<Image> {
  const parsed = await readManifest(store, descriptor)
  if (parsed.kind === 'manifest') {
    const image = await imageOf(store, descriptor, parsed.manifest)
    if (options.platform !== undefined) assertPlatform(image, options.platform)
    return image
  }
  const chosen = choosePlatform(parsed.index, descriptor, options.platform)
  const inner = await readManifest(store, chosen)
  if (inner.kind !== 'manifest')
    throw badImage(`${chosen.digest}: expected an image manifest, found an index`)
  return imageOf(store, chosen, inner.manifest)
}

/** Reads an index; a single image is returned as an index of one without a platform. */
export async function readIndex(store: Store, descriptor: Descriptor): Promise<ImageIndex> {
  const parsed = await readManifest(store, descriptor)
  if (parsed.kind === 'index') return parsed.index
  return { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [descriptor] }
}

/** Reads and checks the manifest or index that a descriptor names, of whichever kind. */
export async function readManifest(store: Store, descriptor: Descriptor): Promise<ParsedManifest> {
  const bytes = await readBounded(store, descriptor, manifestLimit)
  return parseManifest(bytes, descriptor.digest, descriptor.mediaType)
}

/** Reads a small blob whole. The size is checked before a byte is asked for. */
export async function readBounded(store: Store, descriptor: Descriptor, limit: number): Promise<Uint8Array> {
  if (descriptor.size > limit)
    throw new TemperError(
      'limit-exceeded',
      `${descriptor.digest}: ${descriptor.size} bytes, more than the limit of ${limit}`,
    )
  return collect(store.fetch(descriptor), { limit, what: descriptor.digest })
}

async function imageOf(store: Store, descriptor: Descriptor, manifest: Manifest): Promise<Image> {
  const where = `Image ${descriptor.digest}`
  const { config: configDescriptor } = manifest
  if (
    configDescriptor.mediaType !== mediaTypes.ociConfig &&
    configDescriptor.mediaType !== mediaTypes.dockerConfig
  )
    throw badImage(
      `${where}: expected an image configuration, found "${configDescriptor.mediaType.slice(0, 120)}"; it is another kind of artifact`,
    )
  const bytes = await readBounded(store, configDescriptor, configLimit)
  const config = parseImageConfig(bytes, `${where}, configuration`)
  const diffIds = config.rootfs.diff_ids
  if (diffIds.length !== manifest.layers.length)
    throw badImage(
      `${where}: the manifest has ${manifest.layers.length} layers, the configuration names ${diffIds.length}`,
    )
  const layers = manifest.layers.map((layer, i): Layer => {
    assertLayer(layer, where)
    return { descriptor: layer, diffId: diffIds[i] ?? layer.digest, open: () => store.fetch(layer) }
  })
  return { descriptor, manifest, config, layers }
}

const layerTypes: ReadonlySet<string> = new Set([
  mediaTypes.ociLayerTar,
  mediaTypes.ociLayerGzip,
  mediaTypes.ociLayerZstd,
  mediaTypes.dockerLayerGzip,
  // Written by docker save and by containerd for layers of Docker images that are not compressed or use zstd.
  'application/vnd.docker.image.rootfs.diff.tar',
  'application/vnd.docker.image.rootfs.diff.tar.zstd',
  // Layers that may not be redistributed; same bytes (image-spec layer.md).
  'application/vnd.oci.image.layer.nondistributable.v1.tar',
  'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
  'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd',
  'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
])

function assertLayer(layer: Descriptor, where: string): void {
  if (!layerTypes.has(layer.mediaType))
    throw badImage(`${where}: a layer has the unsupported media type "${layer.mediaType.slice(0, 120)}"`)
}

/** Who asks for one platform must not be answered about another. */
function assertPlatform({ config, descriptor }: Image, platform: ImagePlatform): void {
  if (isFor(config, platform)) return
  throw new TemperError(
    'not-found',
    `Image ${descriptor.digest} is for ${formatPlatform(config)}, not for ${formatPlatform(platform)}`,
    { next: { action: 'take-any-platform' } },
  )
}

function choosePlatform(index: ImageIndex, descriptor: Descriptor, platform?: ImagePlatform): Descriptor {
  const images = index.manifests.filter(isImage)
  const fitting =
    platform === undefined
      ? images
      : images.filter((each) => each.platform !== undefined && isFor(each.platform, platform))
  const usual = fitting.filter((each) => each.platform !== undefined && isUsual(each.platform))
  const [first] = platform !== undefined && usual.length > 0 ? usual : fitting
  if (first !== undefined && (platform !== undefined || fitting.length === 1)) return first
  const known = images.map((each) => describe(each)).join(', ') || 'none'
  if (platform !== undefined)
    throw new TemperError(
      'not-found',
      `Image ${descriptor.digest} has no ${formatPlatform(platform)}; it has: ${known}`,
    )
  throw new TemperError('bad-usage', `Image ${descriptor.digest} is for several platforms: ${known}`, {
    next: { action: 'choose-platform' },
  })
}

/** Not an attestation that a build tool put beside the images of an index, for a platform "unknown". */
export function isImage({ platform }: Descriptor): boolean {
  return platform?.architecture !== 'unknown'
}

function describe({ platform }: Descriptor): string {
  return platform === undefined ? 'one without a platform' : formatPlatform(platform)
}
