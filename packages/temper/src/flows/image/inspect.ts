import type { Digest } from '../../base/digest.ts'
import type { HistoryEntry, Image, ImageConfig } from '../../model/image.ts'
import { formatPlatform, type ImagePlatform } from '../../model/platform.ts'
import type { Reference } from '../../model/reference.ts'
import { besideDocuments } from '../../oci/image/beside.ts'
import { imageMembers } from '../../oci/image/members.ts'
import { readImage } from '../../oci/image/read-image.ts'
import type { Context } from '../context.ts'
import { type InstalledPackage, installedPackages } from './installed-packages.ts'
import { type ImageSource, openImage } from './source.ts'

export interface InspectRequest {
  readonly reference: Reference
  /** Selects one platform of several. */
  readonly platform?: ImagePlatform
  /** Whether to read the layers for the package database. */
  readonly packages: boolean
}

export interface LayerSummary {
  readonly digest: Digest
  readonly diffId: Digest
  readonly mediaType: string
  /** Bytes as transferred. */
  readonly size: number
  /** What created it and what it holds, according to the history of the image. */
  readonly createdBy?: string
  readonly comment?: string
}

export interface ImageSummary {
  /** "linux/amd64". */
  readonly platform: string
  readonly digest: Digest
  readonly mediaType: string
  /** Bytes of all layers as transferred. */
  readonly size: number
  readonly created?: string
  readonly config: NonNullable<ImageConfig['config']>
  readonly annotations: Readonly<Record<string, string>>
  readonly layers: readonly LayerSummary[]
  /** Absent when they were not asked for. */
  readonly packages?: readonly InstalledPackage[]
}

/** Something attached to the image, or put into its index by a build tool: a signature, an SBOM… */
export interface Attachment {
  readonly digest: Digest
  /** For statements in the index, the type that they claim: "https://slsa.dev/provenance/v1". */
  readonly artifactType: string
  readonly size: number
}

export interface Inspection {
  readonly reference: string
  /** Digest of the manifest, or of the index when the image is for several platforms. */
  readonly digest: Digest
  readonly mediaType: string
  readonly platforms: readonly string[]
  readonly images: readonly ImageSummary[]
  readonly attachments: readonly Attachment[]
}

/** Reads what an image says about itself, wherever it is and whoever built it. */
export async function inspect(request: InspectRequest, context: Context): Promise<Inspection> {
  const source = await openImage(request.reference, context)
  try {
    return await inspectFound(source, request, context)
  } finally {
    await source.store.close()
  }
}

async function inspectFound(
  { store, root, text }: ImageSource,
  request: InspectRequest,
  context: Context,
): Promise<Inspection> {
  const members = await imageMembers(store, root)
  const chosen = request.platform === undefined ? members : [root]
  const images: ImageSummary[] = []
  for (const member of chosen) {
    const image = await readImage(
      store,
      member,
      request.platform === undefined ? {} : { platform: request.platform },
    )
    images.push(await summary(image, request, context))
  }
  const attachments: Attachment[] = []
  for await (const { digest, artifactType, mediaType, size } of store.referrers(root.digest)) {
    attachments.push({ digest, artifactType: artifactType ?? mediaType, size })
  }
  for (const each of await besideDocuments(store, root))
    if (!('fault' in each))
      attachments.push({ digest: each.document.digest, artifactType: each.type, size: each.document.size })
  const named = members.flatMap(({ platform }) => (platform ? [formatPlatform(platform)] : []))
  return {
    reference: text,
    digest: root.digest,
    mediaType: root.mediaType,
    platforms: named.length > 0 ? named : images.map((image) => image.platform),
    images,
    attachments,
  }
}

async function summary(image: Image, request: InspectRequest, context: Context): Promise<ImageSummary> {
  const { config, manifest } = image
  const made = (config.history ?? []).filter((entry) => entry.empty_layer !== true)
  return {
    platform: formatPlatform(config),
    digest: image.descriptor.digest,
    mediaType: image.descriptor.mediaType,
    size: image.layers.reduce((sum, layer) => sum + layer.descriptor.size, 0),
    ...(config.created === undefined ? {} : { created: config.created }),
    config: config.config ?? {},
    annotations: manifest.annotations ?? {},
    layers: image.layers.map(({ descriptor, diffId }, place) => ({
      digest: descriptor.digest,
      diffId,
      mediaType: descriptor.mediaType,
      size: descriptor.size,
      ...historyOf(made[place]),
    })),
    ...(request.packages ? { packages: await installedPackages(image, context) } : {}),
  }
}

function historyOf(entry: HistoryEntry | undefined): Pick<LayerSummary, 'createdBy' | 'comment'> {
  return {
    ...(entry?.created_by === undefined ? {} : { createdBy: entry.created_by }),
    ...(entry?.comment === undefined ? {} : { comment: entry.comment }),
  }
}
