import { type Digest, sha256 } from '../../base/digest.ts'
import {
  type Blob,
  type Descriptor,
  type HistoryEntry,
  type Image,
  type ImageConfig,
  type Layer,
  type Manifest,
  mediaTypes,
} from '../../model/image.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { ImagePlan } from '../plan.ts'

/** A layer with its sentence for the history. */
export interface DescribedLayer {
  readonly layer: Layer
  readonly createdBy: string
}

export interface ImageDetails {
  readonly recipe: Recipe
  readonly architecture: string
  /** Facts of the build that the image carries: relaxations, writable paths. Recipes cannot override them. */
  readonly annotations: Readonly<Record<string, string>>
  /** The image that this one begins with, and its name where that is known. */
  readonly base?: { readonly image: Image; readonly name?: string }
}

/** Configuration and manifest over finished layers (OCI image-spec 1.1, config.md and manifest.md). */
export function describeImage(
  plan: Pick<ImagePlan, 'created' | 'user'>,
  layers: readonly DescribedLayer[],
  details: ImageDetails,
): Image {
  const { recipe, base } = details
  const all = [...(base?.image.layers ?? []), ...layers.map(({ layer }) => layer)]
  const docker = recipe.output.mediaTypes === 'docker'
  const created = new Date(plan.created * 1000).toISOString().replace('.000Z', 'Z')
  const annotations = sorted({
    ...standardAnnotations(recipe, created),
    ...recipe.annotations,
    ...lineage(base),
    ...details.annotations,
  })
  const config: ImageConfig = {
    created,
    architecture: details.architecture,
    os: 'linux',
    config: runtimeConfig(recipe, {
      user: plan.user.user,
      labels: {
        ...foreignLabels(base?.image),
        ...annotations,
        ...recipe.labels,
        ...lineage(base),
        ...details.annotations,
      },
    }),
    rootfs: { type: 'layers', diff_ids: all.map(({ diffId }) => diffId) },
    history: [
      ...historyOf(base?.image),
      ...layers.map(({ createdBy }) => ({ created, created_by: createdBy })),
    ],
  }
  const configBlob = jsonBlob(config, docker ? mediaTypes.dockerConfig : mediaTypes.ociConfig)
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: docker ? mediaTypes.dockerManifest : mediaTypes.ociManifest,
    config: configBlob.descriptor,
    layers: all.map((layer) => layerIn(layer, recipe)),
    ...(docker ? {} : { annotations }),
  }
  const { descriptor } = jsonBlob(manifest, manifest.mediaType)
  const platform = { os: 'linux', architecture: details.architecture }
  return {
    descriptor: { ...descriptor, platform },
    manifest,
    config,
    layers: all,
  }
}

/** image-spec annotations.md. */
function lineage(base: ImageDetails['base']): Record<string, string> {
  if (base === undefined) return {}
  return {
    'org.opencontainers.image.base.digest': base.image.descriptor.digest,
    ...(base.name === undefined ? {} : { 'org.opencontainers.image.base.name': base.name }),
  }
}

/** What is said of the base itself is not said of what is built on it. */
function foreignLabels(base: Image | undefined): Record<string, string> {
  const labels = Object.entries(base?.config.config?.Labels ?? {})
  return Object.fromEntries(
    labels.filter(([name]) => !name.startsWith('io.temper.') && !name.startsWith('org.opencontainers.')),
  )
}

/** One entry a layer, whatever the base tells of its own (image-spec config.md). */
function historyOf(base: Image | undefined): readonly HistoryEntry[] {
  if (base === undefined) return []
  const { history = [], created } = base.config
  if (history.filter((entry) => entry.empty_layer !== true).length === base.layers.length) return history
  return base.layers.map(() => ({ ...(created === undefined ? {} : { created }), created_by: 'the base' }))
}

/** The media type follows the image's own kind; the bytes are the same. */
function layerIn({ descriptor }: Layer, { output }: Pick<Recipe, 'output'>): Descriptor {
  const { mediaType, digest, size, annotations } = descriptor
  const [from, to] = output.mediaTypes === 'docker' ? ([0, 1] as const) : ([1, 0] as const)
  const same = sameLayers.find((pair) => pair[from] === mediaType)
  // What they say of a layer (its table of contents) is true wherever it is.
  return {
    mediaType: same?.[to] ?? mediaType,
    digest,
    size,
    ...(annotations === undefined ? {} : { annotations }),
  }
}

/** What OCI and Docker call the same bytes. */
const sameLayers: readonly (readonly [oci: string, docker: string])[] = [
  [mediaTypes.ociLayerGzip, mediaTypes.dockerLayerGzip],
  [mediaTypes.ociLayerTar, 'application/vnd.docker.image.rootfs.diff.tar'],
  [mediaTypes.ociLayerZstd, 'application/vnd.docker.image.rootfs.diff.tar.zstd'],
]

/** The index over the platforms of one build. */
export function describeIndex(images: readonly Image[], recipe: Recipe): Blob {
  const docker = recipe.output.mediaTypes === 'docker'
  const mediaType = docker ? mediaTypes.dockerIndex : mediaTypes.ociIndex
  const created =
    images
      .map((image) => image.config.created ?? '')
      .sort()
      .at(-1) ?? ''
  return jsonBlob(
    {
      schemaVersion: 2,
      mediaType,
      manifests: images.map((image) => image.descriptor),
      ...(docker
        ? {}
        : { annotations: sorted({ ...standardAnnotations(recipe, created), ...recipe.annotations }) }),
    },
    mediaType,
  )
}

/** The blobs of an image that are plain JSON: configuration, then manifest. */
export function jsonBlobs(image: Image): readonly [Blob, Blob] {
  return [
    jsonBlob(image.config, image.manifest.config.mediaType),
    jsonBlob(image.manifest, image.manifest.mediaType),
  ]
}

function jsonBlob(value: unknown, mediaType: string): Blob {
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  const descriptor: Descriptor = { mediaType, digest: sha256(bytes) as Digest, size: bytes.length }
  return {
    descriptor,
    open: async function* () {
      yield bytes
    },
  }
}

/** image-spec annotations.md. */
function standardAnnotations(recipe: Recipe, created: string): Record<string, string> {
  const { released, endOfLife } = recipe.dates
  return {
    'org.opencontainers.image.created': created,
    'org.opencontainers.image.title': recipe.name,
    ...(released === undefined ? {} : { 'io.temper.released': released }),
    ...(endOfLife === undefined ? {} : { 'io.temper.end-of-life': endOfLife }),
  }
}

function runtimeConfig(
  recipe: Recipe,
  runtime: { readonly user: string; readonly labels: Readonly<Record<string, string>> },
): NonNullable<ImageConfig['config']> {
  return {
    User: runtime.user,
    Env: Object.entries(recipe.environment).map(([name, value]) => `${name}=${value}`),
    ...(recipe.entrypoint.length > 0 ? { Entrypoint: recipe.entrypoint } : {}),
    ...(recipe.cmd.length > 0 ? { Cmd: recipe.cmd } : {}),
    ...(recipe.ports.length > 0 ? { ExposedPorts: emptyObjects(recipe.ports) } : {}),
    ...(recipe.volumes.length > 0 ? { Volumes: emptyObjects(recipe.volumes) } : {}),
    WorkingDir: recipe.workDir,
    Labels: sorted(runtime.labels),
    ...(recipe.stopSignal === '' ? {} : { StopSignal: recipe.stopSignal }),
  }
}

function emptyObjects(names: readonly string[]): Record<string, Record<string, never>> {
  return Object.fromEntries(names.map((name) => [name, {}]))
}

function sorted(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
