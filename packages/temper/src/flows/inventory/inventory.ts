import { resolve } from 'node:path'
import { collect, tryUtf8 } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists } from '../../base/file.ts'
import { releaseBytes } from '../../base/release.ts'
import { sbomLimit } from '../../sbom/read/limits.ts'
import type { Context } from '../context.ts'
import { type ScanTarget, targetName } from './target.ts'
import type { InventoryOfOptions, TargetInventory } from './target-inventory.ts'

export type { ScanTarget } from './target.ts'
export type { InventoryOfOptions, InventorySource, TargetInventory } from './target-inventory.ts'

/**
 * The inventory of an image, a folder, a bill of materials or a lock. Documents that are attached to an image are
 * used only when the person's trust file says so. Errors: `bad-reference`, `not-found`, `bad-sbom`, `bad-lock`,
 * `not-verified` when an attached document is required and none is trusted, and those of reading images.
 */
export async function inventoryOf(
  target: ScanTarget,
  options: InventoryOfOptions,
  context: Context,
): Promise<TargetInventory> {
  const all = await readInventory(target, options, context)
  const read = options.exclude === undefined ? all : await without(all, options.exclude, target)
  if (options.distribution === undefined) return read
  const { withStatedDistribution } = await import('./stated-distribution.ts')
  return { ...read, inventory: withStatedDistribution(read.inventory, options.distribution) }
}

async function without(
  all: TargetInventory,
  patterns: readonly string[],
  target: ScanTarget,
): Promise<TargetInventory> {
  const { excludedPlaces, withoutPlaces } = await import('./exclude.ts')
  return withoutPlaces(all, excludedPlaces(patterns, target))
}

async function readInventory(
  target: ScanTarget,
  options: InventoryOfOptions,
  context: Context,
): Promise<TargetInventory> {
  switch (target.kind) {
    case 'image': {
      const { imageInventory } = await import('./image.ts')
      return await imageInventory(target.reference, options, context)
    }
    case 'directory': {
      const { folderInventory } = await import('./image.ts')
      return await folderInventory(target.path, options, context)
    }
    case 'sbom':
      return await documentInventory(target, context)
    case 'purl': {
      const { purlInventory } = await import('./purl.ts')
      return purlInventory(target.purl)
    }
    case 'lock': {
      const { lockInventory } = await import('./lock.ts')
      const { path } = target
      const text = tryUtf8(await readNamed(path, context))
      if (text === undefined) throw new TemperError('bad-lock', `${path}: the lock is not UTF-8`)
      return lockInventory(text, { ...options, path }, context)
    }
  }
}

async function documentInventory(
  target: Extract<ScanTarget, { readonly kind: 'sbom' }>,
  context: Context,
): Promise<TargetInventory> {
  const { path, open } = target
  const what = open !== undefined && path === '-' ? 'standard input' : path
  const reading = import('../../sbom/read/read.ts')
  const bytes =
    open === undefined ? await readNamed(path, context) : await collect(open(), { limit: sbomLimit, what })
  const { inventory, format, subject } = await (await reading).readSbom(bytes, { what })
  // Of a thousand documents as many are read before V8 collects one.
  if (open === undefined) releaseBytes(bytes)
  return {
    inventory,
    kind: 'sbom',
    name: targetName(target),
    ...(subject.digest === undefined ? {} : { digest: subject.digest }),
    ...(subject.name === undefined ? {} : { title: subject.name }),
    ...(subject.purl === undefined ? {} : { purl: subject.purl }),
    ...(subject.created === undefined ? {} : { created: subject.created }),
    from: format,
  }
}

async function readNamed(path: string, context: Context): Promise<Uint8Array> {
  const bytes = await readFileIfExists(resolve(context.workingDir, path))
  if (bytes !== undefined) return bytes
  throw new TemperError('not-found', `There is no file ${path}`)
}
