import { supportOf } from '../../advisory/support/support.ts'
import type { FileObserver } from '../../inventory/cataloguer.ts'
import { readFolderInventory } from '../../inventory/reading/folder.ts'
import { readImageInventory } from '../../inventory/reading/image.ts'
import type { InventoryOptions } from '../../inventory/reading/options.ts'
import type { SecretFinding } from '../../model/advisory/finding.ts'
import { layerMakers } from '../../model/assess/layer-maker.ts'
import type { Image } from '../../model/image.ts'
import type { Inventory } from '../../model/inventory.ts'
import { formatPlatform } from '../../model/platform.ts'
import type { TreeLayer } from '../../model/tree/file-tree.ts'
import { withoutText } from '../../rules/image/history/instructions.ts'
import { keptContents } from '../../rules/image/kept-contents.ts'
import { imageSubject, type SubjectFacts } from '../../rules/image/make-subject.ts'
import { secretEntries } from '../../rules/image/secrets/found.ts'
import type { ImageSubject, SubjectImage, SubjectLayer } from '../../rules/image/subject.ts'
import { findConfigSecrets } from '../../secrets/image-config.ts'
import { SecretObserver, withLayers } from '../../secrets/observer.ts'
import type { ListedTree } from '../../tree/listings.ts'
import { TreeObserver } from '../../tree/observer.ts'

/** The facts that the bytes of a target give, without any other source. */
export type ReadFacts = Pick<SubjectFacts, 'tree' | 'image' | 'layers' | 'inventory' | 'secrets'>

/** Everything that rules look at in the layers of an image: one pass over each layer, or none where it is known. */
export async function readImageFacts(
  image: Image,
  annotations: Readonly<Record<string, string>>,
  options: Omit<InventoryOptions, 'observers'>,
): Promise<ReadFacts> {
  const layers = image.layers.map(({ diffId }, index) => ({ index, diffId }))
  const read = await readFacts(layers, (observers) => readImageInventory(image, { ...options, observers }))
  const secrets = findConfigSecrets(image.config)
  return {
    ...read,
    image: describeImage(image, annotations),
    layers: withoutSecrets(read.layers, image, secrets),
    secrets: [...secrets, ...read.secrets],
  }
}

/** The same for a root file system in a folder, which has no configuration. */
export async function readFolderFacts(
  root: string,
  options: Omit<InventoryOptions, 'observers'>,
): Promise<ReadFacts> {
  return await readFacts([], (observers) => readFolderInventory(root, { ...options, observers }))
}

async function readFacts(
  layers: readonly TreeLayer[],
  read: (observers: readonly FileObserver<unknown>[]) => Promise<Inventory>,
): Promise<ReadFacts> {
  const tree = new TreeObserver({ keep: keptContents })
  const secrets = new SecretObserver()
  const inventory = await read([tree, secrets])
  const listed = tree.tree(layers)
  return {
    tree: listed.tree,
    layers: describeLayers(listed, inventory),
    inventory,
    secrets: withLayers(secrets.found, inventory.layers),
  }
}

/** Makes the subject that rules check. */
export function subjectOf(
  facts: ReadFacts,
  known: Pick<SubjectFacts, 'now' | 'name' | 'scan' | 'evidence' | 'support' | 'archive'>,
): ImageSubject {
  const { distribution } = facts.inventory
  const support = distribution === undefined ? undefined : supportOf(distribution, known.now)
  return imageSubject({ ...facts, ...(support === undefined ? {} : { support }), ...known })
}

function describeImage(
  { descriptor, manifest, config }: Image,
  annotations: Readonly<Record<string, string>>,
): SubjectImage {
  return {
    digest: descriptor.digest,
    platform: formatPlatform(config),
    config,
    settings: config.config ?? {},
    annotations: { ...annotations, ...manifest.annotations },
  }
}

/** An instruction that holds a secret is told without its text: reports go further than images. */
function withoutSecrets(
  layers: readonly SubjectLayer[],
  { config: { history = [] } }: Image,
  secrets: readonly SecretFinding[],
): readonly SubjectLayer[] {
  const hidden = secretEntries(secrets)
  if (hidden.size === 0) return layers
  const makers = layerMakers(history, layers.length)
  return layers.map((layer, i) => {
    const at = makers[i]
    return layer.createdBy === undefined || at === undefined || !hidden.has(at + 1)
      ? layer
      : { ...layer, createdBy: withoutText(layer.createdBy) }
  })
}

function describeLayers({ layers }: ListedTree, inventory: Inventory): SubjectLayer[] {
  return layers.map((layer, index) => {
    const about = inventory.layers[index]
    if (about === undefined) return { ...layer, size: layer.bytes }
    const { diffId, size, createdBy, origin } = about
    return {
      ...layer,
      diffId,
      size,
      ...(createdBy === undefined ? {} : { createdBy }),
      ...(origin === undefined ? {} : { origin }),
    }
  })
}
