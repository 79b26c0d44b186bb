import { createHash } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type ContentDigest, partsOf } from '../registry/name.ts'
import { isMissing } from '../registry/storage/files.ts'

/**
 * Copies a folder while others write to it: files that vanish meanwhile are left out, and `skip` names what is not
 * wanted.
 */
export async function copyTree(from: string, to: string, skip: (name: string) => boolean): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  let entries: Awaited<ReturnType<typeof entriesOf>>
  try {
    entries = await entriesOf(from)
  } catch (error) {
    if (isMissing(error)) return
    throw error
  }
  for (const entry of entries) {
    if (skip(entry.name)) continue
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target, skip)
    else if (entry.isFile()) await copyIfThere(source, target)
  }
}

function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true })
}

/** Copies a file; returns whether it was there. */
export async function copyIfThere(from: string, to: string): Promise<boolean> {
  try {
    await mkdir(dirname(to), { recursive: true, mode: 0o700 })
    await copyFile(from, to, constants.COPYFILE_FICLONE)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

/** Copies content and checks it, whole or not at all. Returns "copied", or why nothing was copied. */
export async function copyContent(
  digest: ContentDigest,
  from: string,
  to: string,
): Promise<'copied' | 'missing' | 'damaged'> {
  const temporary = `${to}.new`
  if (!(await copyIfThere(from, temporary))) return 'missing'
  if ((await digestOf(temporary, digest)) !== digest) {
    await rm(temporary, { force: true })
    return 'damaged'
  }
  await rename(temporary, to)
  return 'copied'
}

async function digestOf(path: string, expected: ContentDigest): Promise<string> {
  const { algorithm } = partsOf(expected)
  const hash = createHash(algorithm)
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return `${algorithm}:${hash.digest('hex')}`
}

export function contentPath(root: string, digest: ContentDigest): string {
  const { algorithm, hex } = partsOf(digest)
  return join(root, 'blobs', algorithm, hex)
}
