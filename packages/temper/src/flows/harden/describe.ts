import { sha256 } from '../../base/digest.ts'
import {
  type Descriptor,
  type Image,
  type ImageConfig,
  type Layer,
  type Manifest,
  mediaTypes,
} from '../../model/image.ts'
import type { Reference } from '../../model/reference.ts'
import { formatReference } from '../../oci/reference.ts'

export interface HardenedImage {
  readonly base: Image
  readonly reference: Reference
  readonly layers: readonly Layer[]
  /** Descriptions of the layers above those of the base, lowest first. */
  readonly steps: readonly string[]
  readonly user: string
  /** RFC 3339. */
  readonly created: string
}

const baseName = 'org.opencontainers.image.base.name'
const baseDigest = 'org.opencontainers.image.base.digest'

/**
 * Manifest and configuration: those of the base with what changed, and the base's name and digest (image-spec
 * annotations.md). The name is the one in a registry; images from elsewhere have none.
 */
export function describeHardened({ base, reference, layers, steps, user, created }: HardenedImage): Image {
  const lineage: Record<string, string> = {
    [baseDigest]: base.descriptor.digest,
    ...(reference.kind === 'registry' ? { [baseName]: nameOf(reference) } : {}),
  }
  const settings = base.config.config ?? {}
  const config: ImageConfig = {
    ...base.config,
    created,
    config: {
      ...settings,
      ...(user === (settings.User ?? '') ? {} : { User: user }),
      Labels: { ...withoutLineage(settings.Labels), ...lineage },
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    ...historyOf(base, { steps, created, layers: layers.length }),
  }
  const isDocker = base.manifest.mediaType === mediaTypes.dockerManifest
  const configBlob = descriptorOf(config, base.manifest.config.mediaType)
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: base.manifest.mediaType,
    config: configBlob,
    layers: layers.map(({ descriptor }) => descriptor),
    ...(isDocker
      ? {}
      : {
          annotations: {
            ...withoutLineage(base.manifest.annotations),
            ...lineage,
            'org.opencontainers.image.created': created,
          },
        }),
  }
  const { architecture, os, variant } = base.config
  const platform = { os, architecture, ...(variant === undefined ? {} : { variant }) }
  return { descriptor: { ...descriptorOf(manifest, manifest.mediaType), platform }, manifest, config, layers }
}

/** What the base says of its own base (of buildah's images often nothing, in an empty name) is not true of this image. */
function withoutLineage(
  texts: Readonly<Record<string, string>> | null | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts ?? {}).filter(([name]) => name !== baseName && name !== baseDigest),
  )
}

function nameOf(reference: Reference): string {
  return formatReference(reference).replace(/@sha256:[0-9a-f]{64}$/, '')
}

/** Kept while it tells of every layer. */
function historyOf(
  { config, layers: own }: Image,
  {
    steps,
    created,
    layers,
  }: { readonly steps: readonly string[]; readonly created: string; readonly layers: number },
): Pick<ImageConfig, 'history'> {
  const added = steps.map((step) => ({ created, created_by: step }))
  const told = config.history ?? []
  const isComplete = told.filter((entry) => entry.empty_layer !== true).length === own.length
  if (isComplete && own.length + steps.length === layers) return { history: [...told, ...added] }
  return steps.length === layers ? { history: added } : {}
}

function descriptorOf(value: unknown, mediaType: string): Descriptor {
  const bytes = Buffer.from(JSON.stringify(value))
  return { mediaType, digest: sha256(bytes), size: bytes.length }
}
