import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Digest, hexOf } from '../../base/digest.ts'
import { fileError, writeFileAtomic } from '../../base/file.ts'
import { withFileLock } from '../../base/file-lock.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { childrenOf } from '../image/manifest.ts'
import { manifestKind } from '../image/media-type.ts'
import { olderAttachments, type Tagged } from '../image/older-attachments.ts'
import { readManifest } from '../image/read-manifest.ts'
import { noSuchBlob } from '../store-error.ts'
import { emptyLayoutIndex, formatLayoutIndex, withName, withUnnamed } from './index-file.ts'
import { openLayout } from './layout.ts'

export interface KeepOptions {
  /** Attached artifacts, as index.json lists them, that are removed too, together with what refers to them. */
  readonly replaced?: (referrer: Descriptor) => boolean
}

/**
 * Makes a layout hold one image and its referrers, and nothing else: index.json is replaced in one step, then the
 * blobs of earlier images are removed. Everything that the image names must have been pushed: when something is
 * missing, perhaps since another process did the same for its image, nothing changes and the error is `not-found`.
 */
export async function keepOnly(
  path: string,
  image: { readonly root: Descriptor; readonly name: string },
  options: KeepOptions = {},
): Promise<void> {
  const { root, name } = image
  await withFileLock(join(path, 'index.json.lock'), async (assertHeld) => {
    const { kept, referrers, tagged } = await complete(openLayout(path), root, options)
    const named = withName(emptyLayoutIndex, root, name)
    const all = tagged.reduce((index, each) => withName(index, each.descriptor, each.tag), named)
    const index = referrers.reduce(withUnnamed, all)
    await assertHeld()
    await writeFileAtomic(join(path, 'index.json'), formatLayoutIndex(index))
    await removeOthers(join(path, 'blobs', 'sha256'), kept)
    await removeLeftovers(path)
  })
}

/** All that an image consists of, with what refers to it, by subject or in cosign's older scheme. */
async function complete(
  layout: Store,
  root: Descriptor,
  { replaced = () => false }: KeepOptions,
): Promise<{ kept: Set<Digest>; referrers: Descriptor[]; tagged: Tagged[] }> {
  const kept = new Set<Digest>()
  const referrers: Descriptor[] = []
  const tagged: Tagged[] = []
  const visit = async (descriptor: Descriptor): Promise<void> => {
    if (kept.has(descriptor.digest)) return
    if (!(await layout.has(descriptor))) throw noSuchBlob(descriptor.digest, 'the layout')
    kept.add(descriptor.digest)
    if (manifestKind(descriptor.mediaType) === undefined) return
    for (const child of childrenOf(await readManifest(layout, descriptor))) await visit(child)
    for await (const referrer of layout.referrers(descriptor.digest)) {
      if (replaced(referrer)) continue
      referrers.push(referrer)
      await visit(referrer)
    }
    for (const each of await olderAttachments(layout, descriptor.digest)) {
      tagged.push(each)
      await visit(each.descriptor)
    }
  }
  await visit(root)
  return { kept, referrers, tagged }
}

/** A file that is being written and was not written to for this long (milliseconds) is nobody's any more. */
const abandoned = 3_600_000

/** Removes what writes left whose process was killed. Times are the file system's: index.json was written just now. */
async function removeLeftovers(path: string): Promise<void> {
  try {
    const now = (await stat(join(path, 'index.json'))).mtimeMs
    for (const name of await readdir(path)) {
      if (!name.startsWith('.tmp-')) continue
      const file = join(path, name)
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: now }))
      if (now - mtimeMs > abandoned) await rm(file, { force: true })
    }
  } catch (error) {
    throw fileError('write', path, error)
  }
}

async function removeOthers(folder: string, kept: ReadonlySet<Digest>): Promise<void> {
  const names = new Set([...kept].map(hexOf))
  try {
    for (const name of await readdir(folder))
      if (!names.has(name)) await rm(join(folder, name), { force: true })
  } catch (error) {
    throw fileError('write', folder, error)
  }
}
