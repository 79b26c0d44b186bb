import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { feedStore } from '../../advisory/index/store/store.ts'
import { fileError } from '../../base/file.ts'
import type { Context } from '../context.ts'
import { importFeeds } from './import.ts'
import { type FeedInput, feedInputs } from './inputs.ts'

/**
 * A store made of feeds as their publishers write them (a zip, NDJSON, a folder of records…), for `--feeds` with such a
 * path: read once, then found again in the cache as long as names, sizes and times of the files stay. Throws `not-found`
 * when there is nothing at the path.
 */
export async function foreignStore(path: string, context: Context): Promise<string> {
  const key = await fingerprint(await feedInputs(path))
  const folder = join(context.cacheDir, 'advisories-2', key)
  if ((await feedStore(folder).pointer()) === undefined)
    await importFeeds({ paths: [path], feeds: folder }, context)
  return folder
}

async function fingerprint(inputs: readonly FeedInput[]): Promise<string> {
  const hash = createHash('sha256')
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
