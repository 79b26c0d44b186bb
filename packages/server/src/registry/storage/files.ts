import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Whether an error of the file system says that there is nothing at a path. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** Waits for what may be missing: undefined when it is. */
async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

export function readIfThere(path: string): Promise<string | undefined> {
  return ifThere(readFile(path, 'utf8'))
}

/**
 * The same for a file of a few bytes, read synchronously, since four turns through the thread pool take ten times as
 * long as reading it.
 */
export function readSmallIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

export function bytesIfThere(path: string): Promise<Uint8Array | undefined> {
  return ifThere(readFile(path))
}

export async function sizeIfThere(path: string): Promise<number | undefined> {
  return (await ifThere(stat(path)))?.size
}

/** When a file was last written. */
export async function timeIfThere(path: string): Promise<Date | undefined> {
  return (await ifThere(stat(path)))?.mtime
}

/** Names in a folder, in no order; none when there is no folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await ifThere(readdir(folder))) ?? []
}

/** Removes a file; returns whether it was there. */
export async function removeFile(path: string): Promise<boolean> {
  return (await ifThere(rm(path).then(() => true))) ?? false
}

/** Makes a file as young as if it had been written now; returns whether it is there. */
export async function touch(path: string): Promise<boolean> {
  const now = new Date()
  return (await ifThere(utimes(path, now, now).then(() => true))) ?? false
}

/** Begins the name of a file that is about to be removed. */
const asideMark = '.old-'

/**
 * Removes a file that was last written or touched before a time (milliseconds since 1970); returns whether it did.
 * The file is moved aside before its age is checked: whoever touches it later is told that it is not there, and an
 * earlier touch is noticed.
 */
export async function removeOlder(path: string, before: number): Promise<boolean> {
  const stats = await ifThere(stat(path))
  if (stats === undefined || stats.mtimeMs >= before) return false
  const aside = join(dirname(path), `${asideMark}${basename(path)}`)
  if ((await ifThere(rename(path, aside).then(() => true))) === undefined) return false
  const judged = await ifThere(stat(aside))
  if (judged !== undefined && judged.mtimeMs >= before) {
    await putBack(aside, path)
    return false
  }
  await rm(aside, { force: true })
  return true
}

/** Puts back a file that a process moved aside but did not check before it ended. */
export async function restoreAside(folder: string): Promise<void> {
  for (const name of await namesIn(folder))
    if (name.startsWith(asideMark))
      await putBack(join(folder, name), join(folder, name.slice(asideMark.length)))
}

async function putBack(aside: string, path: string): Promise<void> {
  try {
    await link(aside, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST' && code !== 'ENOENT') throw error
  }
  await rm(aside, { force: true })
}

/**
 * Makes `path` hold `content`, whole or not at all, and still after a power cut: the bytes are on disk before the
 * name is.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await written(path, content, (temporary) => rename(temporary, path))
}

/** The same, but only if nothing exists yet; returns whether that was so. Of several callers at once, one succeeds. */
export async function writeOnce(path: string, content: string): Promise<boolean> {
  return written(path, content, async (temporary) => {
    try {
      await link(temporary, path)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    } finally {
      await rm(temporary, { force: true })
    }
  })
}

async function written<T>(
  path: string,
  content: string | Uint8Array,
  place: (temporary: string) => Promise<T>,
): Promise<T> {
  const folder = dirname(path)
  const temporary = join(folder, `.new-${randomBytes(9).toString('hex')}`)
  await withFolder(folder, async () => {
    const file = await open(temporary, 'wx', 0o644)
    try {
      await file.writeFile(content)
      await file.datasync()
    } finally {
      await file.close()
    }
  })
  try {
    return await place(temporary)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Moves a finished file to its place. Its content is on disk before the name is. */
export async function moveIntoPlace(from: string, to: string): Promise<void> {
  const file = await open(from, 'r')
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
  await withFolder(dirname(to), () => rename(from, to))
}

/** Works in a folder, which is created if it turns out to be missing. */
export async function withFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isMissing(error)) throw error
    await mkdir(folder, { recursive: true })
    return work()
  }
}
