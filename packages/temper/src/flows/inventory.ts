import { resolve } from 'node:path'
import { type ByteStream, collect, tryUtf8 } from '../base/bytes.ts'
import type { Digest } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { readFileIfExists } from '../base/file.ts'
import type { FileObserver } from '../inventory/cataloguer.ts'
import type { Inventory } from '../model/inventory.ts'
import type { Platform } from '../model/platform.ts'
import { sbomLimit } from '../sbom/read/limits.ts'
import type { Context } from './context.ts'
import { parseTarget } from './inventory-target.ts'

/** Where the inventory of an image is taken from: a trusted bill of materials that is attached to it, or its layers. */
export type InventorySource = 'auto' | 'attached' | 'layers'

export interface InventoryOfOptions {
  /** Which image of several; which packages of a lock. */
  readonly platform?: Platform
  /**
   * For images. "auto", the default: from a trusted attached document when there is one, else from the layers.
   * "attached": from nothing else. "layers": without looking for a document.
   */
  readonly source?: InventorySource
  /** Whether files get a SHA-1 too, as SPDX 2.3 demands. Default false. */
  readonly sha1?: boolean
  /** Who else sees the files of an image or folder. Layers are read then, whatever is attached. */
  readonly observers?: readonly FileObserver<unknown>[]
  /** Where "sbom:-" reads from. */
  readonly input?: () => ByteStream
}

/** What a target holds, and what is known of the target itself. */
export interface TargetInventory {
  readonly inventory: Inventory
  readonly kind: 'image' | 'directory' | 'sbom' | 'lock'
  /** As every command takes it: "oci:out/nginx", "dir:/srv/root", "sbom:a.json", "lock:nginx.lock.json". */
  readonly name: string
  /** Of the image of one platform; of documents, the one that they say they describe. */
  readonly digest?: Digest
  /** "linux/amd64". */
  readonly platform?: string
  /** The image's own time, or when the document says it was made; RFC 3339, as it is written there. */
  readonly created?: string
  /** The name of what is described, as far as a document, a lock or an image says it. */
  readonly title?: string
  /** "layers", "attached SBOM sha256:…", "SPDX 2.3", "lock", "files". */
  readonly from: string
}

/**
 * The inventory of anything that can be named: any image reference, `dir:PATH`, `sbom:FILE` (`sbom:-` is standard input),
 * `lock:FILE`. Documents that are attached to an image are believed only when the person's trust file says so.
 * Errors: `bad-reference`, `not-found`, `bad-sbom`, `bad-lock`, `not-verified` when only an attached document will do and none is
 * trusted, and what reading images throws.
 */
export async function inventoryOf(
  target: string,
  options: InventoryOfOptions,
  context: Context,
): Promise<TargetInventory> {
  const { kind, path } = parseTarget(target)
  switch (kind) {
    case 'image': {
      const { imageInventory } = await import('./inventory-image.ts')
      return await imageInventory(target, options, context)
    }
    case 'directory': {
      const { folderInventory } = await import('./inventory-image.ts')
      return await folderInventory(path, options, context)
    }
    case 'sbom':
      return await documentInventory(path, options, context)
    case 'lock': {
      const { lockInventory } = await import('./inventory-lock.ts')
      const text = tryUtf8(await readNamed(path, context))
      if (text === undefined) throw new TemperError('bad-lock', `${path}: the lock is not UTF-8`)
      return lockInventory(text, { ...options, path })
    }
  }
}

async function documentInventory(
  path: string,
  { input }: InventoryOfOptions,
  context: Context,
): Promise<TargetInventory> {
  const what = path === '-' ? 'standard input' : path
  const reading = import('../sbom/read/read.ts')
  const bytes =
    path === '-' && input !== undefined
      ? await collect(input(), { limit: sbomLimit, what })
      : await readNamed(path, context)
  const { inventory, format, subject } = await (await reading).readSbom(bytes, { what })
  return {
    inventory,
    kind: 'sbom',
    name: `sbom:${path}`,
    ...(subject.digest === undefined ? {} : { digest: subject.digest }),
    ...(subject.name === undefined ? {} : { title: subject.name }),
    ...(subject.created === undefined ? {} : { created: subject.created }),
    from: format,
  }
}

async function readNamed(path: string, context: Context): Promise<Uint8Array> {
  const bytes = await readFileIfExists(resolve(context.workingDir, path))
  if (bytes !== undefined) return bytes
  throw new TemperError('not-found', `There is no file ${path}`)
}
