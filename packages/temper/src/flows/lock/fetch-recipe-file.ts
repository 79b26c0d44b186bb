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

/** A file of a recipe by address and digest: from the cache, else fetched, checked and kept there. */
export async function fetchRecipeFile(
  address: string,
  digest: Digest,
  context: Context,
): Promise<OpenableContent> {
  const cache = new ValueCache(join(context.cacheDir, 'files-2'), context.progress)
  const known = await cache.get(digest)
  if (known !== undefined) return contentOf(known)
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
  const source = download(http, address, { what, limit: largest, resume: 'digest', signal: context.signal })
  const bytes = await collect(verified(source, { digest, what }), { limit: largest, what })
  await cache.put(digest, bytes)
  return contentOf(bytes)
}

function contentOf(bytes: Uint8Array): OpenableContent {
  return { size: bytes.length, open: () => bytesOf(bytes) }
}
