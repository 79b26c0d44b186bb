import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ByteStream } from './bytes.ts'
import { TemperError } from './error.ts'

/** A name beside `path` for a file that is renamed onto it when complete. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.tmp-${process.pid}-${randomBytes(6).toString('hex')}`)
}

/**
 * Makes a folder and those above it; does nothing when it exists. Does not use Node's recursive `mkdir`, which never
 * ends where a parent exists but nothing can be made in it (/proc). System errors pass through.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    // Another process may have made it meanwhile.
    await mkdir(path).catch((again: NodeJS.ErrnoException) => {
      if (again.code !== 'EEXIST') throw again
    })
  }
}

/**
 * Writes a file so that readers see either nothing, the old content, or all of the new: to a temporary
 * name in the same folder, then renamed. Folders are made as needed. On error nothing is left behind. Devices and pipes
 * such as /dev/stdout are written to, not replaced.
 */
export async function writeFileAtomic(
  path: string,
  content: Uint8Array | string | ByteStream,
  options: { readonly mode?: number } = {},
): Promise<void> {
  const temporary = temporaryPath(path)
  let made = false
  try {
    if (await isSpecial(path)) return await writeFile(path, content)
    await makeFolder(dirname(path))
    const file = await open(temporary, 'wx', options.mode ?? 0o644)
    made = true
    try {
      if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content)
      else for await (const chunk of content) await file.writeFile(chunk)
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    if (made) await rm(temporary, { force: true })
    throw fileError('write', path, error)
  }
}

async function isSpecial(path: string): Promise<boolean> {
  // /dev/stdout is a link to whatever standard output is, also to a file.
  if (/^\/(?:dev|proc)\//.test(path)) return true
  try {
    const stats = await stat(path)
    return !stats.isFile() && !stats.isDirectory()
  } catch (error) {
    // What is wrong with the path is told by what is done with it next.
    if (typeof (error as NodeJS.ErrnoException).code === 'string') return false
    throw error
  }
}

/**
 * The content of a file, or undefined when there is none. Read synchronously, since node:fs/promises takes 4 ms to
 * load.
 */
export async function readFileIfExists(path: string): Promise<Uint8Array | undefined> {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fileError('read', path, error)
  }
}

/** Whether there is a file or folder of that name. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw fileError('read', path, error)
  }
}

/** Turns a system error into one that names the file; other errors pass through. */
export function fileError(verb: string, path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (error instanceof TemperError || typeof code !== 'string' || !code.startsWith('E')) return error
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'operation not permitted',
    EROFS: 'read-only file system',
    ENOSPC: 'no space left on the disk',
    ENOENT: 'no such file or folder',
    ENOTDIR: 'part of the path is not a folder',
    EISDIR: 'it is a folder',
  }
  if (verb === 'read' && (code === 'EISDIR' || code === 'ENOTDIR')) return notAFile(path, code, error)
  return new TemperError('file-system', `Cannot ${verb} ${path}: ${reasons[code] ?? code}`, {
    ...(code === 'ENOSPC'
      ? { hint: 'Free some space, or choose another folder.', next: { action: 'prune-cache' } }
      : { hint: 'Check the path and its permissions, or choose another folder.' }),
    details: { path, errno: code },
    cause: error,
  })
}

/** Somebody named what cannot be right, which is not a fault of the environment. */
function notAFile(path: string, errno: 'EISDIR' | 'ENOTDIR', cause: unknown): TemperError {
  const isFolder = errno === 'EISDIR'
  const reason = isFolder ? 'it is a folder' : 'part of the path is not a folder'
  return new TemperError('bad-usage', `Cannot read ${path}: ${reason}`, {
    hint: isFolder ? 'Name a file.' : 'Check the path.',
    details: { path, errno },
    cause,
  })
}
