import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { fileError, makeFolder, temporaryPath, writeFileAtomic } from '../../base/file.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { readBounded, readManifest } from '../../oci/image/read-manifest.ts'
import { openStore } from '../../oci/open-store.ts'
import type { Context } from '../context.ts'
import { digestOfFile } from '../feeds/import.ts'
import { attachedDigest } from './attached.ts'
import {
  type BundledImage,
  badBundle,
  bundleName,
  bundleType,
  feedsLimit,
  isPartName,
  parseList,
  partCount,
  partLimit,
  partNames,
  partTypes,
} from './content.ts'

export interface OpenBundle {
  /** Absolute path of the file. */
  readonly path: string
  /** Digest that covers everything in it. */
  readonly digest: Digest
  readonly images: readonly BundledImage[]
  /** Absolute paths of its parts, if it has them. */
  readonly feeds?: string
  readonly trust?: string
  readonly trustedRoot?: string
  /** Name of a packaged policy, or an absolute path. */
  readonly policy?: string
}

/**
 * Reads a bundle: its parts are written into the cache, each checked against its digest; images stay where they
 * are. If a digest is given, the bundle has to have it. Errors: `digest-mismatch`, `not-found`, `bad-image`, `limit-exceeded`.
 */
export async function openBundle(
  request: { readonly file: string; readonly digest?: Digest },
  context: Pick<Context, 'workingDir' | 'cacheDir' | 'progress'>,
): Promise<OpenBundle> {
  const path = resolve(context.workingDir, request.file)
  const store = await openStore({ kind: 'oci-archive', path })
  try {
    const root = await bundleIn(store, request.file)
    if (request.digest !== undefined && request.digest !== root.digest)
      throw new TemperError(
        'digest-mismatch',
        `${request.file}: expected the bundle ${request.digest}, found ${root.digest}`,
        { hint: 'It is a different bundle, or it was changed: get it again.' },
      )
    const { list, parts } = await contentOf(store, root, request.file)
    await checkImages(store, list.images, request.file)
    const digests = list.images.map(({ digest }) => digest)
    if ((await attachedDigest(store, digests)) !== list.attached)
      throw badBundle(request.file, 'what is attached to its images is not what its list says')
    const folder = join(context.cacheDir, 'bundles-1', root.digest.slice('sha256:'.length))
    for (const [name, descriptor] of parts) await writePart(store, descriptor, join(folder, name))
    const at = (name: string) => (parts.has(name) ? join(folder, name) : undefined)
    const [feeds, trust, trustedRoot] = [at(partNames.feeds), at(partNames.trust), at(partNames.trustedRoot)]
    const policy = list.policy === undefined ? undefined : (at(list.policy) ?? list.policy)
    return {
      path,
      digest: root.digest,
      images: list.images,
      ...(feeds === undefined ? {} : { feeds }),
      ...(trust === undefined ? {} : { trust }),
      ...(trustedRoot === undefined ? {} : { trustedRoot }),
      ...(policy === undefined ? {} : { policy }),
    }
  } finally {
    await store.close()
  }
}

async function bundleIn(store: Store, file: string): Promise<Descriptor> {
  try {
    return await store.resolve(bundleName)
  } catch (error) {
    if (!(error instanceof TemperError) || error.code !== 'not-found') throw error
    throw badBundle(file, 'expected a bundle, found an archive of images')
  }
}

async function contentOf(store: Store, root: Descriptor, file: string) {
  const parsed = await readManifest(store, root)
  if (parsed.kind !== 'manifest' || parsed.manifest.artifactType !== bundleType)
    throw badBundle(file, `expected ${bundleType}, found something else called ${bundleName}`)
  const { layers } = parsed.manifest
  const first = layers.find(({ mediaType }) => mediaType === partTypes.list)
  if (first === undefined || layers.length > partCount + 1)
    throw badBundle(file, 'expected a list of what is in it')
  const list = parseList(await readBounded(store, first, partLimit), file)
  const parts = new Map<string, Descriptor>()
  for (const layer of layers) {
    if (layer === first) continue
    const name = layer.annotations?.['org.opencontainers.image.title'] ?? ''
    const most = name === partNames.feeds ? feedsLimit : partLimit
    if (!isPartName(name) || parts.has(name) || layer.size > most)
      throw badBundle(file, `a part that no bundle has: "${name.slice(0, 100)}"`)
    parts.set(name, layer)
  }
  const isThere = list.policy === undefined || !list.policy.includes('/') || parts.has(list.policy)
  if (!isThere) throw badBundle(file, 'the policy that its list names is not in it')
  return { list, parts }
}

/** By their names they have to be what the list says: the names alone are covered by no digest. */
async function checkImages(store: Store, images: readonly BundledImage[], file: string): Promise<void> {
  for (const { name, digest } of images) {
    const descriptor = await store.resolve(name)
    if (descriptor.digest !== digest)
      throw badBundle(file, `${name}: its list says ${digest}, found ${descriptor.digest}`)
  }
}

/** What is there already proves itself. */
async function writePart(store: Store, descriptor: Descriptor, path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined)
  if (there?.size === descriptor.size && (await digestOfFile(path)) === descriptor.digest) return
  if (descriptor.size <= partLimit) {
    await writeFileAtomic(path, await readBounded(store, descriptor, partLimit))
    return
  }
  const temporary = temporaryPath(path)
  try {
    await makeFolder(join(path, '..'))
    await pipeline(Readable.from(store.fetch(descriptor)), createWriteStream(temporary))
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error instanceof TemperError ? error : fileError('write', path, error)
  }
}

/** The requested image of a bundle. Throws `not-found`, which lists the images that there are. */
export function imageIn({ images, path }: OpenBundle, name: string): BundledImage {
  const match = images.find((image) => image.name === name || image.digest === name)
  if (match !== undefined) return match
  throw new TemperError('not-found', `${path} has no image ${name}`, {
    hint: `It has: ${images.map((image) => image.name).join(', ')}`,
  })
}
