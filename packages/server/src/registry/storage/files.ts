import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

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

/** Removes a file; tells whether it was there. */
export async function removeFile(path: string): Promise<boolean> {
  return (await ifThere(rm(path).then(() => true))) ?? false
}

/** Removes a file that was last written before a time (milliseconds since 1970); tells whether it did. */
export async function removeOlder(path: string, before: number): Promise<boolean> {
  const found = await ifThere(stat(path))
  return found !== undefined && found.mtimeMs < before && removeFile(path)
}

/** Makes `path` hold `content`, whole or not at all, and still after a power cut: the bytes are on disk before the name is. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
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
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Moves a finished file to its place. What it holds is on disk before the name is. */
export async function moveIntoPlace(from: string, to: string): Promise<void> {
  const file = await open(from, 'r')
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
  await withFolder(dirname(to), () => rename(from, to))
}

/** Does work in a folder, which is made when it turns out to be missing. */
export async function withFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isMissing(error)) throw error
    await mkdir(folder, { recursive: true })
    return work()
  }
}
