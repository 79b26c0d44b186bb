import { join, resolve } from 'node:path'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { releaseIdOf } from '../../distro/open.ts'
import type { Image } from '../../model/image.ts'
import type { LockedBase } from '../../model/lock.ts'
import type { SystemPackage } from '../../model/package/installed.ts'
import type { Platform } from '../../model/platform.ts'
import type { BaseRequest, Recipe } from '../../model/recipe.ts'
import type { Reference } from '../../model/reference.ts'
import type { FileTree } from '../../model/tree/file-tree.ts'
import { copy } from '../../oci/copy.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { formatReference, isDaemon, parseReference } from '../../oci/reference.ts'
import type { Context } from '../context.ts'
import { type BaseImage, readBaseImage } from '../harden/base-image.ts'
import { openImage } from '../image/source.ts'
import type { RecipeTarget } from '../lock/recipe-target.ts'
import { settingsOver } from './settings.ts'

/** A base image that was read. */
export interface OpenBase {
  /** The lock's record of it. */
  readonly locked: LockedBase
  /** The image, whose layers are in the cache. */
  readonly image: Image
  readonly tree: FileTree
  /** The packages in its database. */
  readonly packages: readonly SystemPackage[]
  /** Its name, if that has a meaning elsewhere. */
  readonly name?: string
  /** Seconds since 1970. */
  readonly created: number
  /** The recipe, completed with the settings of the base. */
  readonly recipe: Recipe
}

type BaseTarget = Pick<RecipeTarget, 'recipe' | 'folders'>

/**
 * Finds the base of a recipe for a platform, copies it into the cache and reads it; with a lock, exactly the image
 * that the lock names. Undefined for a recipe without one. Errors: `bad-recipe`, `bad-lock`, those of reading images.
 */
export async function openBase(
  target: BaseTarget,
  {
    platform,
    locked,
    index: from,
  }: {
    readonly platform: Platform
    readonly locked?: { readonly base?: LockedBase }
    /** The index to choose from, even if the reference names another one by now. */
    readonly index?: Digest
  },
  context: Context,
): Promise<OpenBase | undefined> {
  const { recipe } = target
  const request = recipe.base
  if (request === undefined) return undefined
  const digest = locked?.base?.digest
  if (locked !== undefined && digest === undefined)
    throw new TemperError('bad-lock', `The lock names no base, but the recipe starts from ${request.image}`, {
      next: { action: 'make-lock' },
    })
  const reference = baseReference(request, target.folders)
  const known = digest === undefined ? undefined : await cachedImage(digest, context)
  const { image, index = locked?.base?.index } =
    known === undefined
      ? await copiedImage(reference, { digest: digest ?? from, platform }, context)
      : { image: known }
  const opened = await readBaseImage(image, context)
  refuseOtherDistribution(opened, { recipe, request }, context)
  const created = Date.parse(image.config.created ?? '') / 1000
  return {
    locked: {
      image: request.image,
      digest: image.descriptor.digest,
      ...(index === undefined ? {} : { index }),
    },
    image,
    tree: opened.tree,
    packages: opened.installed?.packages ?? [],
    ...(reference.kind === 'registry' ? { name: nameOf(reference) } : {}),
    created: Number.isFinite(created) ? Math.max(0, Math.floor(created)) : 0,
    recipe: settingsOver(recipe, image.config),
  }
}

/** Paths are beside the recipe. Errors: `bad-recipe` for a daemon, whose images have no digests that last. */
function baseReference({ image }: BaseRequest, [folder = '.']: readonly string[]): Reference {
  const reference = parseReference(image)
  if (isDaemon(reference))
    throw new TemperError(
      'bad-recipe',
      `base: ${image} is in a daemon, which repacks the layers of an image each time`,
      { hint: 'Name an image in a registry, or save this one: docker-archive:FILE, oci-archive:FILE.' },
    )
  return 'path' in reference ? { ...reference, path: resolve(folder, reference.path) } : reference
}

function nameOf(reference: Reference): string {
  return formatReference(reference).replace(/@sha256:[0-9a-f]{64}$/, '')
}

/** Bases by digest, so that what was locked is there without a network, and whoever builds again finds it. */
function cachedBases({ cacheDir }: Pick<Context, 'cacheDir'>) {
  return openLayout(join(cacheDir, 'bases-1'))
}

/** Undefined when it is not there, or not whole. */
async function cachedImage(digest: Digest, context: Context): Promise<Image | undefined> {
  const store = cachedBases(context)
  try {
    const image = await readImage(store, await store.resolve(digest))
    const there = await Promise.all(image.layers.map(({ descriptor }) => store.has(descriptor)))
    return there.every((each) => each) ? image : undefined
  } catch (error) {
    if (error instanceof TemperError && error.code !== 'interrupted') return undefined
    throw error
  }
}

async function copiedImage(
  reference: Reference,
  { digest, platform }: { readonly digest: Digest | undefined; readonly platform: Platform },
  context: Context,
): Promise<{ readonly image: Image; readonly index?: Digest }> {
  // The lock's digest decides; what the reference says besides is of the time when the lock was made.
  const { tag: _tag, name: _name, ...place } = { tag: undefined, name: undefined, ...reference }
  const asked = digest === undefined ? reference : ({ ...place, digest } as Reference)
  const source = await openImage(asked, context)
  try {
    const image = await readImage(source.store, source.root, { platform })
    const progress = context.progress.start('Fetching the base', {
      total: image.layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
      unit: 'bytes',
    })
    try {
      const store = cachedBases(context)
      for (const layer of image.layers) {
        context.signal.throwIfAborted()
        await store.push(layer)
        progress.advance(layer.descriptor.size)
      }
      // A manifest that is there counts as complete: its layers are by now.
      await copy(source.store, store, image.descriptor)
      const copied = await readImage(store, await store.resolve(image.descriptor.digest))
      const { root } = source
      return { image: copied, ...(root.digest === copied.descriptor.digest ? {} : { index: root.digest }) }
    } finally {
      progress.done()
    }
  } finally {
    await source.store.close()
  }
}

/** What is laid over a base has to be of its distribution: the loader, the package database and the proof are. */
function refuseOtherDistribution(
  { distribution, foreign }: BaseImage,
  { recipe, request }: { readonly recipe: Recipe; readonly request: BaseRequest },
  context: Context,
): void {
  if (distribution === undefined) return
  const id = releaseIdOf(distribution, context)
  if (id === recipe.distribution) return
  const title = distribution.title ?? `${distribution.id} ${distribution.version}`.trim()
  if (id !== undefined)
    throw new TemperError('bad-recipe', `base: ${request.image} is ${title}, not ${recipe.distribution}`, {
      hint: `Write "distribution: ${id}".`,
    })
  const asks = recipe.contents.packages.some(({ excluded }) => !excluded)
  if (foreign !== undefined && foreign.distro.id === recipe.distribution.split('-')[0] && !asks) return
  throw new TemperError(
    'bad-recipe',
    `base: ${request.image} is ${title}, whose packages are not known here`,
    {
      hint:
        foreign === undefined
          ? 'Start from an image of Debian, Alpine or Wolfi.'
          : `Only files can be added on top of it: ask for no packages, and write "distribution: ${foreign.distro.release.id}".`,
    },
  )
}
