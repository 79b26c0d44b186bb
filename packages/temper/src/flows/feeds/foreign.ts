import { createHash } from 'node:crypto'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { feedStore } from '../../advisory/index/store/store.ts'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import { temperVersion } from '../../base/version.ts'
import type { Context } from '../context.ts'
import { importFeeds } from './import.ts'
import { type FeedInput, feedInputs } from './inputs.ts'

/**
 * A store made of feeds as their publishers write them (a zip, NDJSON, a folder of records…), used when such a path
 * is named as the store. They are read once, then found in the cache as long as names, sizes and times of the files
 * and the program stay the same. Throws `not-found` when there is nothing at the path.
 */
export async function foreignStore(path: string, context: Context): Promise<string> {
  const folder = await folderOf(path, context)
  if (!(await isUsable(folder))) await importFeeds({ paths: [path], feeds: folder }, context)
  return folder
}

/** The same when what was read into the cache is damaged. */
export async function readForeignAgain(path: string, context: Context): Promise<boolean> {
  context.progress.note(`The cached result of reading ${path} is damaged: the file is read again`)
  const folder = await folderOf(path, context)
  try {
    await rm(folder, { recursive: true, force: true })
  } catch (error) {
    throw fileError('remove', folder, error)
  }
  await foreignStore(path, context)
  return true
}

async function folderOf(path: string, context: Context): Promise<string> {
  return join(
    context.cacheDir,
    'advisories-3',
    await fingerprint(await feedInputs(path), context.program?.() ?? ''),
  )
}

/** Whether feeds were read there before, and nothing of them is lost since. */
async function isUsable(folder: string): Promise<boolean> {
  const store = feedStore(folder)
  if ((await store.pointer()) === undefined) return false
  try {
    return (await store.feeds()).length > 0
  } catch (error) {
    if (error instanceof TemperError && error.code === 'bad-index') return false
    throw error
  }
}

/** Of the files, and of the program that reads them: another one may read more out of the same records. */
async function fingerprint(inputs: readonly FeedInput[], program: string): Promise<string> {
  const hash = createHash('sha256').update(`${temperVersion()}\0${program}\n`)
  for (const input of inputs) {
    const files = input.kind === 'file' ? [input.path] : input.names.map((name) => join(input.path, name))
    for (const file of files) {
      const { size, mtimeMs } = await stat(file).catch((error: unknown) => {
        throw fileError('read', file, error)
      })
      hash.update(`${file}\0${size}\0${mtimeMs}\n`)
    }
  }
  return hash.digest('hex').slice(0, 32)
}
