import { resolve } from 'node:path'
import { TemperError } from '../../base/error.ts'
import type { ImagePlatform } from '../../model/platform.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { readManifest } from '../../oci/image/read-manifest.ts'
import type { SubjectEvidence } from '../../rules/image/subject.ts'
import type { Context } from '../context.ts'
import { openImage } from '../image/source.ts'
import { baseLayersOf } from '../inventory/base-layers.ts'
import { aboutImage } from '../inventory/image.ts'
import type { TargetInventory } from '../inventory/inventory.ts'
import { readingOptions } from '../inventory/reading-options.ts'
import { type ScanTarget, targetName } from '../inventory/target.ts'
import type { TrustRequest } from '../trust/open.ts'
import { readEvidence } from './evidence.ts'
import { type ReadFacts, readFolderFacts, readImageFacts } from './read-subject.ts'
import { attachedSource, type BuildSource } from './source/source.ts'

/** Everything known about a target without asking advisories. */
export interface ReadTarget {
  readonly facts: ReadFacts
  readonly inventoried: TargetInventory
  /** Absent for a folder. */
  readonly evidence?: SubjectEvidence
  /** The attached recipe, if it was asked for. */
  readonly source?: BuildSource
}

export interface TargetOptions {
  /** Which image of several. */
  readonly platform?: ImagePlatform
  /** Whom to trust about evidence; default: whom the person's trust file names. */
  readonly trust?: TrustRequest
  /** Whether the attached recipe is read. */
  readonly attachedSource?: boolean
}

/**
 * Reads an image or a folder: its layers once, and what is attached. Throws `bad-usage` for a target without files,
 * and the errors of reading images and folders.
 */
export async function readTarget(
  target: ScanTarget,
  options: TargetOptions,
  context: Context,
): Promise<ReadTarget> {
  if (target.kind === 'image') return await readImageTarget(target, options, context)
  if (target.kind === 'directory') {
    const facts = await readFolderFacts(resolve(context.workingDir, target.path), readingOptions(context))
    const { inventory } = facts
    return { facts, inventoried: { inventory, kind: 'directory', name: targetName(target), from: 'files' } }
  }
  throw new TemperError('bad-usage', `${targetName(target)} has no files to look at`, {
    hint: 'Name an image or a folder.',
  })
}

async function readImageTarget(
  { reference }: Extract<ScanTarget, { readonly kind: 'image' }>,
  { platform, trust = { keys: [] }, attachedSource: wanted = false }: TargetOptions,
  context: Context,
): Promise<ReadTarget> {
  const source = await openImage(reference, context)
  try {
    const { store, root } = source
    const image = await readImage(store, root, platform === undefined ? {} : { platform })
    const top = await readManifest(store, root)
    const annotations = (top.kind === 'index' ? top.index : top.manifest).annotations ?? {}
    const baseLayers = await baseLayersOf(store, image)
    const facts = await readImageFacts(image, annotations, { ...readingOptions(context), baseLayers })
    const { evidence, provenance } = await readEvidence(source, image.descriptor, { trust, context })
    const recipe = wanted ? await attachedSource(store, provenance) : undefined
    const inventoried = { inventory: facts.inventory, from: 'layers', ...aboutImage(source, image) }
    return { facts, inventoried, evidence, ...(recipe === undefined ? {} : { source: recipe }) }
  } finally {
    await source.store.close()
  }
}
