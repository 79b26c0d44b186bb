import { TemperError } from '../../base/error.ts'
import type { Descriptor, Image, Layer, Manifest } from '../../model/image.ts'
import { mediaTypes } from '../../model/image.ts'
import { formatPlatform, type ImagePlatform, isFor, isUsual } from '../../model/platform.ts'
import type { Store } from '../../model/store.ts'
import { badImage } from '../json-value.ts'
import { parseImageConfig } from './config.ts'
import { configLimit } from './media-type.ts'
import { indexMembers } from './members.ts'
import { readBounded, readManifest } from './read-manifest.ts'

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
  const members = await indexMembers(store, parsed.index)
  const { platform } = options
  const chosen =
    platform === undefined
      ? onlyMember({ root: descriptor, images: members })
      : await choosePlatform(store, { root: descriptor, images: members, platform })
  const inner = await readManifest(store, chosen)
  if (inner.kind !== 'manifest')
    throw badImage(`${chosen.digest}: expected an image manifest, found an index`)
  return imageOf(store, chosen, inner.manifest)
}

async function imageOf(store: Store, descriptor: Descriptor, manifest: Manifest): Promise<Image> {
  const where = `Image ${descriptor.digest}`
  const { config: configDescriptor } = manifest
  if (
    configDescriptor.mediaType !== mediaTypes.ociConfig &&
    configDescriptor.mediaType !== mediaTypes.dockerConfig
  )
    throw new TemperError(
      'bad-image',
      `${where}: expected an image, found another kind of artifact: its configuration is "${configDescriptor.mediaType.slice(0, 120)}"`,
      {
        hint: 'Name the image itself. Artifacts can be copied and listed like images, but hold no packages that could be read.',
      },
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

/** Configurations that are read to find a platform. */
const readLimit = 64

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

/** Whoever asks for one platform must not be answered about another. */
function assertPlatform({ config, descriptor }: Image, platform: ImagePlatform): void {
  if (isFor(config, platform)) return
  throw new TemperError(
    'not-found',
    `Image ${descriptor.digest} is for ${formatPlatform(config)}, not for ${formatPlatform(platform)}`,
    { next: { action: 'take-any-platform' } },
  )
}

interface Choice {
  /** What the images are of. */
  readonly root: Descriptor
  readonly images: readonly Descriptor[]
}

/** An index may say of none of its images what it is for: then their configurations do (image-spec, image-index.md). */
async function choosePlatform(
  store: Store,
  { root, images, platform }: Choice & { readonly platform: ImagePlatform },
): Promise<Descriptor> {
  const fits = (each: Descriptor) => each.platform !== undefined && isFor(each.platform, platform)
  const usual = (each: Descriptor) => each.platform !== undefined && isUsual(each.platform)
  const stated = images.filter(fits)
  const fitting = stated.length > 0 ? stated : (await withPlatforms(store, images)).filter(fits)
  const first = fitting.find(usual) ?? fitting[0]
  if (first !== undefined) return first
  throw new TemperError(
    'not-found',
    `Image ${root.digest} has no ${formatPlatform(platform)}; it has: ${list(images)}`,
  )
}

function onlyMember({ root, images }: Choice): Descriptor {
  const [first, ...others] = images
  if (first === undefined) throw badImage(`${root.digest}: an index without images`)
  if (others.length === 0) return first
  throw new TemperError('bad-usage', `Image ${root.digest} is for several platforms: ${list(images)}`, {
    next: { action: 'choose-platform' },
  })
}

/** The members of an index that does not say their platforms, with what their configurations say. */
async function withPlatforms(store: Store, images: readonly Descriptor[]): Promise<readonly Descriptor[]> {
  const all: Descriptor[] = []
  for (const image of images.slice(0, readLimit)) {
    if (image.platform !== undefined) continue
    const parsed = await readManifest(store, image)
    if (parsed.kind !== 'manifest') continue
    const { os, architecture, variant } = (await imageOf(store, image, parsed.manifest)).config
    const platform = { os, architecture, ...(variant === undefined ? {} : { variant }) }
    all.push({ ...image, platform })
  }
  return all
}

function list(images: readonly Descriptor[]): string {
  return images.map(describe).join(', ') || 'none'
}

function describe({ platform }: Descriptor): string {
  return platform === undefined ? 'one without a platform' : formatPlatform(platform)
}
