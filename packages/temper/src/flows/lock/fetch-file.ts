import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Digest, hexOf, verified } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { fileError, writeFileAtomic } from '../../base/file.ts'
import { download } from '../../base/http/download.ts'
import { createHttp } from '../../base/http/http.ts'
import { redactUrl } from '../../base/http/redact.ts'
import type { FileContent } from '../../recipe/file-source.ts'
import type { Context } from '../context.ts'

/** Most bytes of one file: its content is held while the image is assembled. */
const largest = 256 * 1024 * 1024

/** A file of a recipe by address and digest: from the cache, else fetched, checked and kept there. */
export async function fetchFile(address: string, digest: Digest, context: Context): Promise<FileContent> {
  const path = join(context.cacheDir, 'files-1', hexOf(digest))
  const kept = await sizeOf(path)
  if (kept !== undefined) return { size: kept, open: () => createReadStream(path) }
  if (context.offline) {
    throw new TemperError(
      'offline',
      `The recipe's file ${redactUrl(address)} is not in the cache, and the network must not be used`,
      {
        next: { action: 'go-online' },
      },
    )
  }
  const http = createHttp({ fetch: context.fetch, signal: context.signal })
  const what = `the recipe's file ${redactUrl(address)}`
  const bytes = download(http, address, { what, limit: largest, resume: 'digest', signal: context.signal })
  await writeFileAtomic(path, verified(bytes, { digest, what }))
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
