import { join } from 'node:path'
import { bytesOf, collect } from '../../base/bytes.ts'
import { type Digest, verified } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { download } from '../../base/http/download.ts'
import { createHttp } from '../../base/http/http.ts'
import { redactUrl } from '../../base/http/redact.ts'
import { ValueCache } from '../../base/value-cache.ts'
import type { OpenableContent } from '../../recipe/source/file-source.ts'
import type { Context } from '../context.ts'

/** Most bytes of one file: its content is held while the image is assembled. */
const largest = 256 * 1024 * 1024

/** What is fetched for a recipe. */
export interface RecipeFetch {
  readonly address: string
  readonly digest: Digest
  /** What it is, for errors: "the package a 1.2". Absent: a file that the recipe names by its address. */
  readonly what?: string
}

/** A file of a recipe by address and digest: from the cache, else fetched, checked and kept there. */
export async function fetchRecipeFile(
  { address, digest, what = "the recipe's file" }: RecipeFetch,
  context: Context,
): Promise<OpenableContent> {
  const named = `${what} ${redactUrl(address)}`
  const cache = new ValueCache(join(context.cacheDir, 'files-2'), context.progress)
  const known = await cache.get(digest)
  if (known !== undefined) return contentOf(known)
  if (context.offline) {
    throw new TemperError(
      'offline',
      `${named.charAt(0).toUpperCase()}${named.slice(1)} is not in the cache, and the network must not be used`,
      {
        next: { action: 'go-online' },
      },
    )
  }
  const http = createHttp({ fetch: context.fetch, signal: context.signal })
  const source = download(http, address, {
    what: named,
    limit: largest,
    resume: 'digest',
    signal: context.signal,
  })
  const bytes = await collect(verified(source, { digest, what: named }), { limit: largest, what: named })
  await cache.put(digest, bytes)
  return contentOf(bytes)
}

function contentOf(bytes: Uint8Array): OpenableContent {
  return { size: bytes.length, open: () => bytesOf(bytes) }
}
