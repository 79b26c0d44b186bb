import type { Dirent, Stats } from 'node:fs'
import { lstat, readdir, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import type { LayerEntry, LayerNote } from './layer-reading.ts'

/** Bytes of a path, as in Linux. */
const pathLimit = 4096

/** Where kernels show what is no file: left out where something is mounted there. */
const kernelFolders: ReadonlySet<string> = new Set(['proc', 'sys', 'dev'])

export interface WalkedFolder {
  /** Everything but files, in the order of paths. */
  readonly entries: readonly LayerEntry[]
  readonly files: readonly { readonly path: string; readonly stats: Stats }[]
  readonly notes: readonly LayerNote[]
}

/**
 * Lists all that is below a folder without following any link. What cannot be read becomes a note; sockets, pipes
 * and devices are left out. Errors: `not-found`, `bad-usage` and `file-system` when the folder itself cannot be read, `limit-exceeded`.
 */
export async function walkFolder(
  root: string,
  options: { readonly entries: number; readonly signal?: AbortSignal },
): Promise<WalkedFolder> {
  const top = await statRoot(root)
  const entries: LayerEntry[] = []
  const files: { path: string; stats: Stats }[] = []
  const notes: LayerNote[] = []
  const pending: string[] = ['']
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    options.signal?.throwIfAborted()
    for (const { name } of await listed(root, folder, notes)) {
      const path = folder === '' ? name : `${folder}/${name}`
      const stats = await statOf(root, path, notes)
      if (stats === undefined) continue
      if (stats.isFile()) files.push({ path, stats })
      else if (stats.isSymbolicLink()) {
        const target = await targetOf(root, path, notes)
        if (target !== undefined) entries.push({ path, type: 'symlink', target })
      } else if (stats.isDirectory()) {
        entries.push({ path, type: 'directory' })
        if (stats.dev !== top.dev && kernelFolders.has(path)) notes.push(mounted(path))
        else pending.push(path)
      }
      if (entries.length + files.length > options.entries)
        throw new TemperError(
          'limit-exceeded',
          `${root} holds more than ${options.entries} files and folders`,
        )
    }
  }
  return { entries: entries.sort(byPath), files: files.sort(byPath), notes }
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

async function listed(root: string, folder: string, notes: LayerNote[]): Promise<Dirent[]> {
  try {
    return await readdir(join(root, folder), { withFileTypes: true })
  } catch (error) {
    if (folder === '') throw fileError('read', root, error)
    notes.push(unreadable(folder, error))
    return []
  }
}

async function statOf(root: string, path: string, notes: LayerNote[]): Promise<Stats | undefined> {
  if (Buffer.byteLength(path) > pathLimit) {
    notes.push({ code: 'limit-exceeded', message: 'A path of more than 4096 bytes was left out' })
    return undefined
  }
  try {
    return await lstat(join(root, path))
  } catch (error) {
    notes.push(unreadable(path, error))
    return undefined
  }
}

async function targetOf(root: string, path: string, notes: LayerNote[]): Promise<string | undefined> {
  try {
    return await readlink(join(root, path))
  } catch (error) {
    notes.push(unreadable(path, error))
    return undefined
  }
}

/** A note for what the system does not let us read; other errors are thrown. */
export function unreadable(path: string, error: unknown): LayerNote {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (typeof code !== 'string' || !code.startsWith('E')) throw error
  return { code: 'unreadable-file', message: `${path} could not be read: ${code}`, path }
}

function mounted(path: string): LayerNote {
  return {
    code: 'left-out',
    message: `${path} is another file system, of the kernel, and was left out`,
    path,
  }
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : 1
}
