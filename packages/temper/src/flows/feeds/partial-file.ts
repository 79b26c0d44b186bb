import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, rename, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { slug } from '../../advisory/index/store/store.ts'
import { fileError, readFileIfExists, temporaryPath, writeFileAtomic } from '../../base/file.ts'
import { sealOf, unsealed } from '../../base/sealed.ts'

/** Where a file is fetched from and to. */
export interface PartialPlace {
  readonly url: string
  /** Folder for files that are being fetched; what a broken run left there is continued. */
  readonly folder: string
  /** Milliseconds since 1970, to distinguish what other processes left from what they are writing. */
  readonly now: number
}

/** A file that another process has not written to for this long (milliseconds) is nobody's. */
const abandoned = 120_000

/** What is known about a file that is not complete yet. */
export interface PartialFile {
  readonly path: string
  readonly etag?: string
  size: number
  /** Hash of the bytes so far. */
  readonly hash: Hash
}

/** What stands beside it, sealed, when it can be continued. */
interface PartialNote {
  readonly url: string
  readonly etag: string
  /**
   * Number of bytes at the start of the file that can be continued, and their SHA-256 in hex; after them a power cut
   * may have left anything.
   */
  readonly size: number
  readonly digest: string
}

/** Number of bytes after which the note is written again. */
export const noteEvery = 8 * 2 ** 20

/** Notes how much of the file can be continued. */
export async function writeNote(place: PartialPlace, partial: PartialFile): Promise<void> {
  const { etag, size, hash, path } = partial
  if (etag === undefined) return
  const note: PartialNote = { url: place.url, etag, size, digest: hash.copy().digest('hex') }
  const text = JSON.stringify(note)
  await writeFileAtomic(`${path}.json`, sealOf(noteName, text) + text)
}

/** What the seal of a note is of: files are renamed. */
const noteName = 'partial download'

/** Takes over what an earlier run left of the same file. */
export async function claimPartial(place: PartialPlace): Promise<PartialFile | undefined> {
  const stem = slug(place.url)
  for (const name of await readdir(place.folder)) {
    const path = join(place.folder, name)
    if (name === `${stem}.part`) {
      const own = temporaryPath(path)
      if (!(await movedIfThere(`${path}.json`, `${own}.json`))) continue
      if (await movedIfThere(path, own)) return readPartial(place, own)
      await rm(`${own}.json`, { force: true })
    } else if (name.startsWith('.tmp-') && !name.endsWith('.json') && (await isAbandoned(path, place.now))) {
      const partial = await readPartial(place, path, { keepOthers: true })
      if (partial === undefined) continue
      const own = temporaryPath(path)
      if ((await movedIfThere(path, own)) && (await movedIfThere(`${path}.json`, `${own}.json`)))
        return { ...partial, path: own }
    }
  }
  return undefined
}

async function readPartial(
  place: PartialPlace,
  path: string,
  options: { readonly keepOthers?: boolean } = {},
): Promise<PartialFile | undefined> {
  const note = readNote(await readFileIfExists(`${path}.json`))
  const hash = note?.url === place.url ? await hashOfStart(path, note) : undefined
  if (note !== undefined && hash !== undefined) {
    await truncate(path, note.size)
    return { path, etag: note.etag, size: note.size, hash }
  }
  if (!options.keepOthers) await discardPartial({ path })
  return undefined
}

/** Undefined for a note that is damaged: then the file is fetched anew. */
function readNote(bytes: Uint8Array | undefined): PartialNote | undefined {
  const content = bytes === undefined ? undefined : unsealed(noteName, bytes)
  return content === undefined
    ? undefined
    : (JSON.parse(Buffer.from(content).toString('utf8')) as PartialNote)
}

/** The hash of the bytes that can be continued; undefined when they are damaged. */
async function hashOfStart(path: string, { size, digest }: PartialNote): Promise<Hash | undefined> {
  const hash = createHash('sha256')
  try {
    if (size > 0)
      for await (const chunk of createReadStream(path, { end: size - 1 })) hash.update(chunk as Buffer)
  } catch (error) {
    // Another process took it over.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fileError('read', path, error)
  }
  return hash.copy().digest('hex') === digest ? hash : undefined
}

async function isAbandoned(path: string, now: number): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path)
    return now - mtimeMs > abandoned
  } catch {
    return false
  }
}

/** Leaves the partial file for a later run, unless it could not be continued. */
export async function releasePartial(place: PartialPlace, partial: PartialFile | undefined): Promise<void> {
  if (partial === undefined) return
  if (partial.etag === undefined || partial.size === 0) return discardPartial(partial)
  const path = join(place.folder, `${slug(place.url)}.part`)
  await writeNote(place, partial)
  await rename(partial.path, path)
  await rename(`${partial.path}.json`, `${path}.json`)
}

export async function discardPartial(partial: Pick<PartialFile, 'path'> | undefined): Promise<void> {
  if (partial === undefined) return
  await rm(partial.path, { force: true })
  await rm(`${partial.path}.json`, { force: true })
}

async function movedIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw fileError('write', to, error)
  }
}
