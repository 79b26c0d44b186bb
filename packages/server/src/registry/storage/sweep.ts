import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseManifestDocument } from '../manifest-document.ts'
import type { ContentDigest } from '../name.ts'
import { namesIn } from './files.ts'
import { ownFolders, type Repository } from './repository.ts'
import type { Storage } from './storage.ts'

export interface SweepOptions {
  readonly now: Date
  /**
   * Milliseconds for which whatever was pushed last stays, whether or not something names it: a push begins with what
   * nothing names yet.
   */
  readonly grace: number
}

export interface SweepResult {
  /** Uploads that were abandoned. */
  readonly uploads: number
  /** Blobs that no manifest of their repository names. */
  readonly blobs: number
  /** Content that no repository has any more, and its size in bytes. */
  readonly contents: number
  readonly bytes: number
}

/** Milliseconds by which the clock of a file system may be behind. */
const clockSlack = 100

/**
 * Removes what nothing needs: abandoned uploads, blobs that no manifest of their repository names, and content that
 * no repository has. Manifests stay until somebody deletes them, tagged or not.
 *
 * Safe during pushes, however short the grace: a push touches what a manifest names after the manifest is there, and
 * fails when something is gone. So either the manifest is seen here, or what it names is younger than this sweep.
 */
export async function sweep(storage: Storage, options: SweepOptions): Promise<SweepResult> {
  const before = options.now.getTime() - options.grace - clockSlack
  let [uploads, blobs, contents, bytes] = [0, 0, 0, 0]
  const held = new Set<ContentDigest>()
  for (const name of await storage.repositories()) {
    const repository = storage.repository(name)
    await repository.recover()
    uploads += await sweepUploads(repository, before)
    blobs += await sweepBlobs(storage, repository, before)
    for await (const digest of repository.digests()) held.add(digest)
  }
  await storage.content.recover()
  for await (const { digest, pushed, size } of storage.content.all()) {
    if (held.has(digest) || pushed.getTime() >= before) continue
    // A push may have found it since it was listed.
    if (!(await storage.content.removeOlder(digest, before))) continue
    contents += 1
    bytes += size
  }
  return { uploads, blobs, contents, bytes }
}

async function sweepUploads(repository: Repository, before: number): Promise<number> {
  const folder = join(repository.folder, ownFolders.uploads)
  let removed = 0
  for (const name of await namesIn(folder)) {
    const path = join(folder, name)
    const stats = await stat(path).catch(() => undefined)
    if (stats === undefined || stats.mtimeMs >= before) continue
    await rm(path, { force: true })
    removed += 1
  }
  return removed
}

async function sweepBlobs(storage: Storage, repository: Repository, before: number): Promise<number> {
  const named = new Set<ContentDigest>()
  for (const digest of await repository.manifestDigests()) {
    const [type, bytes] = [await repository.manifestType(digest), await storage.content.read(digest)]
    if (type === undefined || bytes === undefined) continue
    for (const blob of parseManifestDocument(bytes, type).blobs) named.add(blob)
  }
  let removed = 0
  for (const digest of await repository.blobDigests()) {
    if (named.has(digest)) continue
    if (await repository.removeBlobOlder(digest, before)) removed += 1
  }
  return removed
}
