import { accessSync, constants, readdirSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileError } from '../base/file.ts'
import type { Context } from '../flows/context.ts'

/** A cache that commands can work with. */
export interface WritableCache {
  readonly cacheDir: string
  /** Ends it. */
  remove(): Promise<void>
}

/** Used as they are, so that nobody puts feeds where they vanish: scans only read them. */
const readOnly: ReadonlySet<string> = new Set(['feeds', 'compile', 'versions'])
/** Written to in place by a library. */
const copied: ReadonlySet<string> = new Set(['sigstore'])

/**
 * The cache itself when this user can write to it. Else, as in a read-only container or when root has filled it, one of
 * links to what can be read of it, in a temporary folder: it costs time, and what is made is not kept.
 */
export async function writableCache({
  cacheDir,
  temporaryDir,
  progress,
}: Pick<Context, 'cacheDir' | 'temporaryDir' | 'progress'>): Promise<WritableCache> {
  const closed = closedFolder(cacheDir)
  if (closed === undefined) return { cacheDir, remove: async () => {} }
  progress.note(`${closed} cannot be written to: the results of this run are not kept for the next one`)
  let scratch: string
  try {
    scratch = await mkdtemp(join(temporaryDir, 'temper-cache-'))
  } catch (error) {
    throw fileError('write', temporaryDir, error)
  }
  for (const { name, isFolder } of await entriesOf(cacheDir)) {
    const [from, to] = [join(cacheDir, name), join(scratch, name)]
    if (readOnly.has(name)) await symlink(from, to)
    else if (isFolder) await mirror(from, to, copied.has(name) ? copyFile : symlink)
  }
  return { cacheDir: scratch, remove: () => rm(scratch, { recursive: true, force: true }) }
}

/** The first folder that would have to be written to and cannot be; undefined when all can. */
function closedFolder(cacheDir: string): string | undefined {
  const there = nearest(cacheDir)
  if (!isOpen(there)) return there
  if (there !== cacheDir) return undefined
  const folders = readdirSync(cacheDir, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const own = folders.map(({ name }) => name).filter((name) => !readOnly.has(name))
  return own.map((name) => join(cacheDir, name)).find((path) => !isOpen(path))
}

/** The folder, or the one above it that is there. */
function nearest(path: string): string {
  try {
    accessSync(path, constants.F_OK)
    return path
  } catch {
    return dirname(path) === path ? path : nearest(dirname(path))
  }
}

function isOpen(path: string): boolean {
  return allows(path, constants.R_OK | constants.W_OK | constants.X_OK)
}

function allows(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

/** Makes the same folders, and in them what `put` makes of every file that can be read. */
async function mirror(
  from: string,
  to: string,
  put: (from: string, to: string) => Promise<void>,
): Promise<void> {
  await mkdir(to)
  for (const { name, isFolder } of await entriesOf(from)) {
    const path = join(from, name)
    if (isFolder) await mirror(path, join(to, name), put)
    else if (!name.startsWith('.tmp-') && allows(path, constants.R_OK)) await put(path, join(to, name))
  }
}

/** What this user can see in a folder. */
async function entriesOf(folder: string): Promise<readonly { name: string; isFolder: boolean }[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string') return []
    throw error
  }
}
