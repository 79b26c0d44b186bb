import { type Digest, isDigest } from '../../base/digest.ts'
import { layerMakers } from '../../model/assess/layer-maker.ts'
import type { HistoryEntry, Image } from '../../model/image.ts'

export type LayerOrigin = 'base' | 'application'

/**
 * Which layers are the base image's. The first of these that says something decides:
 *
 * 1. Layers that are known to be a base image's (`baseLayers`, diff ids from the lowest on): those of them that the
 *    image has at its bottom.
 * 2. Layers at the bottom that Temper made, as their history says, when there are others above them.
 * 3. The history (image-spec config.md). A base image ends with an instruction that sets what a container starts:
 *    CMD or ENTRYPOINT. All layers up to the last such instruction that still has a layer above it are the base's.
 *    The image's own CMD has no layer above it, and so does not count.
 *
 * Undefined for every layer when neither tells: an image of one layer, one without history, or one that was flattened.
 */
export function layerOrigins(
  image: Pick<Image, 'config' | 'layers'>,
  options: { readonly baseLayers?: readonly Digest[] } = {},
): readonly (LayerOrigin | undefined)[] {
  const instructions = ends(image)
  const made = instructions.findIndex((instruction) => instruction?.startsWith('temper: ') !== true)
  const count = knownBase(image.layers, options.baseLayers ?? []) || Math.max(made, 0) || baseByHistory(image)
  return image.layers.map((_, index) => (count === 0 ? undefined : index < count ? 'base' : 'application'))
}

/** The instruction that made each layer, where the history tells; it may have fewer entries than layers, or none. */
export function layerInstructions({
  config: { history = [] },
  layers,
}: Pick<Image, 'config' | 'layers'>): readonly (string | undefined)[] {
  return layerMakers(history, layers.length).map((at) => {
    const entry = at === undefined ? undefined : history[at]
    return entry?.created_by ?? entry?.comment
  })
}

/** What the entry says that a layer ends with. */
function ends({ config, layers }: Pick<Image, 'config' | 'layers'>): readonly (string | undefined)[] {
  const made = (config.history ?? []).filter(({ empty_layer }) => empty_layer !== true)
  if (made.length !== layers.length) return layers.map(() => undefined)
  return made.map(({ created_by, comment }) => created_by ?? comment)
}

/**
 * What an image says that it was built on (image-spec annotations.md): the digest of a manifest or index, whose layers
 * somebody may look up and give as `baseLayers`. Annotations win over labels.
 */
export function statedBase({ manifest, config }: Pick<Image, 'manifest' | 'config'>): Digest | undefined {
  const name = 'org.opencontainers.image.base.digest'
  const stated = manifest.annotations?.[name] ?? config.config?.Labels?.[name]
  return stated !== undefined && isDigest(stated) ? stated : undefined
}

function knownBase(layers: Image['layers'], base: readonly Digest[]): number {
  let count = 0
  while (count < layers.length && count < base.length && layers[count]?.diffId === base[count]) count++
  return count === base.length ? count : 0
}

function baseByHistory({ config, layers }: Pick<Image, 'config' | 'layers'>): number {
  const history = config.history ?? []
  if (history.filter(({ empty_layer }) => empty_layer !== true).length !== layers.length) return 0
  let below = 0
  let base = 0
  for (const entry of history) {
    if (entry.empty_layer !== true) below++
    else if (startsContainers(entry) && below < layers.length) base = below
  }
  return base
}

/** As Docker ("/bin/sh -c #(nop)  CMD …") and BuildKit ("CMD …") write it. */
function startsContainers({ created_by }: HistoryEntry): boolean {
  return /^(?:\/bin\/sh -c #\(nop\)\s+)?(?:CMD|ENTRYPOINT)\b/.test(created_by ?? '')
}
