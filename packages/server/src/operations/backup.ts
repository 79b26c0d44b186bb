import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ContentDigest, isContentDigest } from '../registry/name.ts'
import { sizeIfThere } from '../registry/storage/files.ts'
import { Storage } from '../registry/storage/storage.ts'
import { TemperError } from '../temper.ts'
import { contentPath, copyContent, copyIfThere, copyTree } from './copy.ts'
import { type Counted, checkWhole, heldIn } from './held.ts'

/** Files of the data folder besides the registry. The database is not among them: it is rebuilt from the registry. */
export const files = [
  'tokens.json',
  'audit.jsonl',
  join('keys', 'factory.key'),
  join('keys', 'factory.pub'),
] as const

/** Folders of the data folder, with everything in them. */
export const folders = [join('keys', 'retired'), 'recipes', 'waivers'] as const

export interface BackupRequest {
  /** Data folder of a service, which may run. */
  readonly data: string
  /** Folder of the backup: an existing one is brought up to date. */
  readonly to: string
  readonly now: Date
}

export interface BackedUp extends Counted {
  /** Contents that were not in the backup before. */
  readonly copied: number
}

/**
 * Copies what a service keeps. Names are copied before content, because a service writes content before its name. An
 * interrupted backup leaves the previous one intact. Throws `not-found`, and `digest-mismatch` for damaged content.
 */
export async function backup({ data, to, now }: BackupRequest): Promise<BackedUp> {
  const source = join(data, 'registry')
  if ((await sizeIfThere(join(source, 'oci-layout'))) === undefined)
    throw new TemperError('not-found', `There is no data of a service in ${data}`)
  const [staged, finished, before] = [join(to, '.new'), join(to, 'snapshot'), join(to, '.old')]
  await mkdir(to, { recursive: true, mode: 0o700 })
  await rm(staged, { recursive: true, force: true })
  await copyTree(join(source, 'repositories'), join(staged, 'repositories'), unwanted)
  for (const file of files) await copyIfThere(join(data, file), join(staged, file))
  for (const folder of folders) await copyTree(join(data, folder), join(staged, folder), unwanted)
  // What is staged is read as a registry whose content lies beside it.
  const storage = await Storage.open(staged, { content: to })
  const copied = await copyContents({ from: await Storage.open(source), source, to }, storage)
  const counted = await checkWhole(storage)
  await writeFile(
    join(staged, 'backup.json'),
    `${JSON.stringify({ format: 1, created: now.toISOString(), ...counted })}\n`,
  )
  await rm(before, { recursive: true, force: true })
  if ((await sizeIfThere(finished)) !== undefined) await rename(finished, before)
  await rename(staged, finished)
  await rm(before, { recursive: true, force: true })
  await prune(to, await heldIn(await Storage.open(finished, { content: to })))
  return { ...counted, copied }
}

/** Half of what is being written, and uploads. */
function unwanted(name: string): boolean {
  return name.startsWith('.') || name === '_uploads'
}

interface Copying {
  /** The registry as it is now. */
  readonly from: Storage
  readonly source: string
  readonly to: string
}

async function copyContents({ from, source, to }: Copying, storage: Storage): Promise<number> {
  let copied = 0
  for (const name of await storage.repositories()) {
    const repository = storage.repository(name)
    for await (const digest of repository.digests()) {
      if ((await storage.content.size(digest)) !== undefined) continue
      const done = await copyContent(digest, contentPath(source, digest), contentPath(to, digest))
      const isLost = done === 'missing' && (await has(from.repository(name), digest))
      if (done === 'damaged' || isLost)
        throw new TemperError(
          'digest-mismatch',
          `${contentPath(source, digest)} is ${done}: ${name} has ${digest}`,
        )
      if (done === 'copied') copied += 1
      // Deleted since its name was copied.
      else await forget(repository, digest)
    }
  }
  return copied
}

async function has(repository: ReturnType<Storage['repository']>, digest: ContentDigest): Promise<boolean> {
  return (await repository.hasBlob(digest)) || (await repository.manifestType(digest)) !== undefined
}

async function forget(repository: ReturnType<Storage['repository']>, digest: ContentDigest): Promise<void> {
  for (const tag of await repository.tagsOf(digest)) await repository.removeTag(tag)
  await repository.removeManifest(digest)
  await repository.removeBlob(digest)
}

async function prune(to: string, held: ReadonlySet<ContentDigest>): Promise<void> {
  for (const algorithm of ['sha256', 'sha512']) {
    const folder = join(to, 'blobs', algorithm)
    for (const hex of await readdir(folder).catch(() => [])) {
      const digest = `${algorithm}:${hex}`
      if (!isContentDigest(digest) || !held.has(digest)) await rm(join(folder, hex), { force: true })
    }
  }
}
