import { resolve } from 'node:path'
import { TemperError } from '../../base/error.ts'
import type { Image } from '../../model/image.ts'
import type { Inventory } from '../../model/inventory.ts'
import { formatPlatform } from '../../model/platform.ts'
import type { Reference } from '../../model/reference.ts'
import { readImage } from '../../oci/image/read-image.ts'
import type { Context } from '../context.ts'
import { type ImageSource, openImage } from '../image/source.ts'
import type { TrustedSbom } from '../trust/trusted-sboms.ts'
import { baseLayersOf } from './base-layers.ts'
import { readingOptions } from './reading-options.ts'
import type { InventoryOfOptions, TargetInventory } from './target-inventory.ts'

/** The inventory of one image. */
export async function imageInventory(
  reference: Reference,
  options: InventoryOfOptions,
  context: Context,
): Promise<TargetInventory> {
  const source = await openImage(reference, context)
  try {
    const { platform } = options
    const image = await readImage(source.store, source.root, platform === undefined ? {} : { platform })
    return { ...(await imageContents({ source, image }, options, context)), ...aboutImage(source, image) }
  } finally {
    await source.store.close()
  }
}

/** What is known about an image besides its inventory. */
export function aboutImage(source: ImageSource, image: Image): Omit<TargetInventory, 'inventory' | 'from'> {
  return {
    kind: 'image',
    name: source.text,
    digest: image.descriptor.digest,
    platform: formatPlatform(image.config),
    ...(image.config.created === undefined ? {} : { created: image.config.created }),
    title: titleOf(source, image),
    config: image.config,
  }
}

async function imageContents(
  opened: { readonly source: ImageSource; readonly image: Image },
  options: InventoryOfOptions,
  context: Context,
): Promise<Pick<TargetInventory, 'inventory' | 'from'>> {
  const { source = 'auto' } = options
  if (source !== 'layers') {
    const [first] = await trusted(opened, context)
    if (first !== undefined) return await attachedInventory(first, opened.image)
    if (source === 'attached') throw noneTrusted(opened.source.text)
  }
  return { inventory: await layersInventory(opened, options, context), from: 'layers' }
}

/** What judges signatures is only loaded for people who trust somebody. */
async function trusted(
  { source, image }: { readonly source: ImageSource; readonly image: Image },
  context: Context,
): Promise<readonly TrustedSbom[]> {
  if (context.trust === undefined) return []
  const { trustedSboms } = await import('../trust/trusted-sboms.ts')
  return await trustedSboms(source, image.descriptor, context)
}

async function attachedInventory(
  { digest, document }: TrustedSbom,
  image: Image,
): Promise<Pick<TargetInventory, 'inventory' | 'from'>> {
  const { readSbomValue } = await import('../../sbom/read/read.ts')
  const from = `attached SBOM ${digest}`
  const { inventory } = await readSbomValue(document, { what: from })
  return { inventory: { ...inventory, architecture: image.config.architecture }, from }
}

async function layersInventory(
  { source, image }: { readonly source: ImageSource; readonly image: Image },
  { sha1 = false, observers = [] }: InventoryOfOptions,
  context: Context,
): Promise<Inventory> {
  const { readImageInventory } = await import('../../inventory/reading/image.ts')
  const baseLayers = await baseLayersOf(source.store, image)
  return await readImageInventory(image, { ...readingOptions(context), sha1, observers, baseLayers })
}

/** The inventory of a root file system in a folder. */
export async function folderInventory(
  path: string,
  { sha1 = false, observers = [] }: InventoryOfOptions,
  context: Context,
): Promise<TargetInventory> {
  const { readFolderInventory } = await import('../../inventory/reading/folder.ts')
  const root = resolve(context.workingDir, path)
  const inventory = await readFolderInventory(root, { ...readingOptions(context), sha1, observers })
  return { inventory, kind: 'directory', name: `dir:${path}`, from: 'files' }
}

/** What the image calls itself, else what its reference does. */
function titleOf({ reference }: ImageSource, { config }: Image): string {
  const label = config.config?.Labels?.['org.opencontainers.image.title']
  if (label !== undefined && label !== '') return label
  const path =
    reference.kind === 'registry'
      ? reference.repository
      : 'path' in reference
        ? ((reference.kind === 'docker-archive' ? reference.name : undefined) ?? reference.path)
        : reference.name
  const last = path.slice(path.lastIndexOf('/') + 1)
  return last.replace(/:[^:]*$/, '') || 'image'
}

function noneTrusted(reference: string): TemperError {
  return new TemperError(
    'not-verified',
    `${reference} has no attached bill of materials that a trusted signer has signed`,
    { next: { action: 'add-trust-rule' } },
  )
}
