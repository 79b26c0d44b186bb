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
  /** Which image of an index to read; may be left out when the index has only one. */
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
  const choice = { root: descriptor, images: members, others: artifactTypes(parsed.index.manifests) }
  const chosen =
    platform === undefined
      ? await onlyMember(store, choice)
      : await choosePlatform(store, { ...choice, platform })
  const inner = await readManifest(store, chosen)
  if (inner.kind !== 'manifest')
    throw badImage(`${chosen.digest}: expected an image manifest, found an index`)
  return imageOf(store, chosen, inner.manifest)
}

async function imageOf(store: Store, descriptor: Descriptor, manifest: Manifest): Promise<Image> {
  const where = `Image ${descriptor.digest}`
  const { config: configDescriptor } = manifest
  if (!isImageConfig(configDescriptor))
    throw new TemperError(
      'bad-image',
      `${where}: expected an image, found another kind of artifact: its configuration is "${configDescriptor.mediaType.slice(0, 120)}"`,
      { hint: nameImage },
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

const nameImage =
  'Name the image itself. Artifacts can be copied and listed like images, but hold no packages that could be read.'

function isImageConfig({ mediaType }: Descriptor): boolean {
  return mediaType === mediaTypes.ociConfig || mediaType === mediaTypes.dockerConfig
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
  /** The manifest or index that the images belong to. */
  readonly root: Descriptor
  readonly images: readonly Descriptor[]
  /** Types of artifacts that the index lists as such. */
  readonly others: readonly string[]
}

/** An index may say of none of its images what it is for: then their configurations do (image-spec, image-index.md). */
async function choosePlatform(
  store: Store,
  { root, images, others, platform }: Choice & { readonly platform: ImagePlatform },
): Promise<Descriptor> {
  const fits = (each: Descriptor) => each.platform !== undefined && isFor(each.platform, platform)
  const usual = (each: Descriptor) => each.platform !== undefined && isUsual(each.platform)
  const stated = images.filter(fits)
  const all = stated.length > 0 ? { images, others: [] } : await withPlatforms(store, images)
  const fitting = all.images.filter(fits)
  const first = fitting.find(usual) ?? fitting[0]
  if (first !== undefined) return first
  if (all.images.length === 0) throw noImage(root, [...others, ...all.others])
  throw new TemperError(
    'not-found',
    `Image ${root.digest} has no ${formatPlatform(platform)}; it has: ${list(all.images)}`,
  )
}

async function onlyMember(store: Store, { root, images, others }: Choice): Promise<Descriptor> {
  // The only one says itself what it is.
  if (images.length === 1 && images[0] !== undefined) return images[0]
  const known = await withPlatforms(store, images)
  const [first, ...more] = known.images
  if (first === undefined) throw noImage(root, [...others, ...known.others])
  if (more.length === 0) return first
  throw new TemperError('bad-usage', `Image ${root.digest} is for several platforms: ${list(known.images)}`, {
    next: { action: 'choose-platform' },
  })
}

/** An index of nothing, or of what is no image: charts, models, signatures. */
function noImage({ digest }: Descriptor, types: readonly string[]): TemperError {
  const kinds = [...new Set(types)]
  if (kinds.length === 0) return badImage(`${digest}: an index without images`)
  const more = kinds.length > 5 ? ' and others' : ''
  const named = kinds.slice(0, 5).map((type) => `"${type.slice(0, 120)}"`)
  return new TemperError(
    'bad-image',
    `Index ${digest}: expected images, found other kinds of artifacts: ${named.join(', ')}${more}`,
    { hint: nameImage },
  )
}

function artifactTypes(members: readonly Descriptor[]): readonly string[] {
  return members.flatMap(({ artifactType }) => (artifactType === undefined ? [] : [artifactType]))
}

/**
 * The members of an index with what their configurations say where the index does not say their platforms, and of what type
 * those are that turn out to be no images. One that is not in the store stays what it is said to be.
 */
async function withPlatforms(
  store: Store,
  members: readonly Descriptor[],
): Promise<{ readonly images: readonly Descriptor[]; readonly others: readonly string[] }> {
  const images: Descriptor[] = []
  const others: string[] = []
  let left = readLimit
  for (const member of members) {
    if (member.platform !== undefined || left-- <= 0) {
      images.push(member)
      continue
    }
    const parsed = await readManifest(store, member)
    if (parsed.kind !== 'manifest') images.push(member)
    else if (!isImageConfig(parsed.manifest.config))
      others.push(parsed.manifest.artifactType ?? parsed.manifest.config.mediaType)
    else {
      const { os, architecture, variant } = (await imageOf(store, member, parsed.manifest)).config
      const platform = { os, architecture, ...(variant === undefined ? {} : { variant }) }
      images.push({ ...member, platform })
    }
  }
  return { images, others }
}

function list(images: readonly Descriptor[]): string {
  return images.map(describe).join(', ') || 'none'
}

function describe({ platform }: Descriptor): string {
  return platform === undefined ? 'one without a platform' : formatPlatform(platform)
}
