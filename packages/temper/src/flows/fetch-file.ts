import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Digest, hexOf, verified } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { fileError, writeFileAtomic } from '../base/file.ts'
import { createHttp } from '../base/http.ts'
import type { FileContent } from '../recipe/file-source.ts'
import type { Context } from './context.ts'

/** A file of a recipe by address and digest: from the cache, else fetched, checked and kept there. */
export async function fetchFile(address: string, digest: Digest, context: Context): Promise<FileContent> {
  const path = join(context.cacheDir, 'files-1', hexOf(digest))
  const kept = await sizeOf(path)
  if (kept !== undefined) return { size: kept, open: () => createReadStream(path) }
  if (context.offline) {
    throw new TemperError(
      'offline',
      `The recipe's file ${address} is not in the cache, and --offline was given`,
      {
        hint: 'Build once without --offline.',
      },
    )
  }
  const http = createHttp({ fetch: context.fetch, signal: context.signal })
  const response = await http.request(address, { what: `the recipe's file ${address}`, expect: [200] })
  await writeFileAtomic(path, verified(response.body, { digest, what: `The recipe's file ${address}` }))
  const size = await sizeOf(path)
  return { size: size ?? 0, open: () => createReadStream(path) }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fileError('read', path, error)
  }
}
