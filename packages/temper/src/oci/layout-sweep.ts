import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Digest, hexOf } from '../base/digest.ts'
import { fileError, writeFileAtomic } from '../base/file.ts'
import type { Descriptor } from '../model/image.ts'
import { withFileLock } from './folder-lock.ts'
import { openLayout } from './layout.ts'
import { emptyLayoutIndex, formatLayoutIndex, withName, withUnnamed } from './layout-index.ts'
import { childrenOf } from './manifest.ts'
import { manifestKind } from './media-type.ts'
import { readManifest } from './read-image.ts'

/**
 * Makes a layout hold one image and what refers to it, nothing else: index.json is replaced in one step,
 * then the blobs of earlier images are removed. Everything that the image names must have been pushed.
 */
export async function keepOnly(path: string, root: Descriptor, name: string): Promise<void> {
  const layout = openLayout(path)
  const kept = new Set<Digest>()
  const visit = async (descriptor: Descriptor): Promise<void> => {
    if (kept.has(descriptor.digest)) return
    kept.add(descriptor.digest)
    if (manifestKind(descriptor.mediaType) === undefined) return
    const parsed = await readManifest(layout, descriptor)
    for (const child of childrenOf(parsed)) await visit(child)
    for await (const referrer of layout.referrers(descriptor.digest)) await visit(referrer)
  }
  await visit(root)
  let index = withName(emptyLayoutIndex, root, name)
  for (const digest of kept) {
    for await (const referrer of layout.referrers(digest)) index = withUnnamed(index, referrer)
  }
  await withFileLock(join(path, 'index.json.lock'), async (assertHeld) => {
    await assertHeld()
    await writeFileAtomic(join(path, 'index.json'), formatLayoutIndex(index))
    await removeOthers(join(path, 'blobs', 'sha256'), kept)
  })
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
