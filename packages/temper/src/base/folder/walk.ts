import type { Dirent, Stats } from 'node:fs'
import { lstat, readdir, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { TemperError } from '../error.ts'
import { fileError } from '../file.ts'

/** Bytes of a path, as in Linux. */
const pathLimit = 4096

/** Where kernels show what is no file: left out where something is mounted there. */
const kernelFolders: ReadonlySet<string> = new Set(['proc', 'sys', 'dev'])

/** Something below a folder. */
export interface WalkedObject {
  /** Path relative to the folder, without leading slash. */
  readonly path: string
  /** Status of the object itself: links are not followed. */
  readonly stats: Stats
  /** Where a symlink points, as written. */
  readonly target?: string
}

/** Something that could not be read or was left out. */
export interface WalkNote {
  readonly code: 'unreadable-file' | 'left-out' | 'limit-exceeded'
  /** What happened, as a sentence. */
  readonly message: string
  readonly path?: string
}

export interface WalkedFolder {
  /** Sorted by path. */
  readonly objects: readonly WalkedObject[]
  readonly notes: readonly WalkNote[]
}

/**
 * Lists everything below a folder without following any link. What cannot be read becomes a note. `entries` limits
 * the number of objects. Errors: `not-found`, `bad-usage` and `file-system` when the folder itself cannot be read,
 * `limit-exceeded`.
 */
export async function walkFolder(
  root: string,
  options: { readonly entries: number; readonly signal?: AbortSignal },
): Promise<WalkedFolder> {
  const top = await statRoot(root)
  const objects: WalkedObject[] = []
  const notes: WalkNote[] = []
  const pending: string[] = ['']
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    options.signal?.throwIfAborted()
    for (const { name } of await listed(root, folder, notes)) {
      const object = await objectAt(root, folder === '' ? name : `${folder}/${name}`, notes)
      if (object === undefined) continue
      objects.push(object)
      if (object.stats.isDirectory()) {
        const { path, stats } = object
        if (stats.dev !== top.dev && kernelFolders.has(path)) notes.push(mounted(path))
        else pending.push(path)
      }
      if (objects.length > options.entries)
        throw new TemperError(
          'limit-exceeded',
          `${root} holds more than ${options.entries} files and folders`,
        )
    }
  }
  return { objects: objects.sort((a, b) => (a.path < b.path ? -1 : 1)), notes }
}

/** The folder that a person names may be a link itself. */
async function statRoot(root: string): Promise<Stats> {
  try {
    const stats = await stat(root)
    if (stats.isDirectory()) return stats
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError('read', root, error)
    throw new TemperError('not-found', `There is no folder ${root}`, {
      hint: 'Check the path.',
      cause: error,
    })
  }
  throw new TemperError('bad-usage', `${root}: expected a folder`)
}

async function listed(root: string, folder: string, notes: WalkNote[]): Promise<Dirent[]> {
  try {
    return await readdir(join(root, folder), { withFileTypes: true })
  } catch (error) {
    if (folder === '') throw fileError('read', root, error)
    notes.push(unreadable(folder, error))
    return []
  }
}

async function objectAt(root: string, path: string, notes: WalkNote[]): Promise<WalkedObject | undefined> {
  if (Buffer.byteLength(path) > pathLimit) {
    notes.push({ code: 'limit-exceeded', message: 'A path longer than 4096 bytes was left out' })
    return undefined
  }
  try {
    const stats = await lstat(join(root, path))
    return { path, stats, ...(stats.isSymbolicLink() ? { target: await readlink(join(root, path)) } : {}) }
  } catch (error) {
    notes.push(unreadable(path, error))
    return undefined
  }
}

/** A note about something that the system does not let us read; other errors are thrown. */
export function unreadable(path: string, error: unknown): WalkNote {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (typeof code !== 'string' || !code.startsWith('E')) throw error
  return { code: 'unreadable-file', message: `${path} could not be read: ${code}`, path }
}

function mounted(path: string): WalkNote {
  return {
    code: 'left-out',
    message: `${path} is a kernel file system and was left out`,
    path,
  }
}
