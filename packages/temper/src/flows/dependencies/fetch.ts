import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { collect } from '../../base/bytes.ts'
import { type Digest, isDigest, sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { download } from '../../base/http/download.ts'
import { createHttp } from '../../base/http/http.ts'
import { redactUrl } from '../../base/http/redact.ts'
import { ValueCache } from '../../base/value-cache.ts'
import type { Context } from '../context.ts'
import { fetchRecipeFile } from '../lock/fetch-recipe-file.ts'

/** Bytes of one package. */
const largest = 256 * 1024 * 1024

/**
 * Fetches a file whose lock has no digest, or a SHA-1 that alone says too little, and keeps it by its SHA-256: whoever locks
 * trusts the address once, and the lock has the digest from then on. What was fetched from an address before is not
 * fetched again. Throws `digest-mismatch`.
 */
export async function fetchFirst(
  url: string,
  sha1: string | undefined,
  { context, what }: { readonly context: Context; readonly what: string },
): Promise<{ readonly digest: Digest; readonly size: number }> {
  const known = new ValueCache(join(context.cacheDir, 'artifacts-1'), context.progress)
  const key = sha256(`first ${sha1 ?? ''} ${url}`)
  const before = await known.getJson<Digest>(key)
  if (before !== undefined)
    return {
      digest: before,
      size: (await fetchRecipeFile({ address: url, digest: before, what }, context)).size,
    }
  const bytes = await fetchWhole(url, { context, what })
  const actual = createHash('sha1').update(bytes).digest('hex')
  if (sha1 !== undefined && sha1 !== actual)
    throw new TemperError('digest-mismatch', `${what}: expected SHA-1 ${sha1}, found ${actual}`, {
      details: { url: redactUrl(url), expected: sha1, found: actual },
    })
  return await keep(bytes, { known, key, context })
}

async function fetchWhole(
  url: string,
  { context, what }: { readonly context: Context; readonly what: string },
): Promise<Uint8Array> {
  if (context.offline)
    throw new TemperError('offline', `${what} is not in the cache, and the network must not be used`, {
      next: { action: 'go-online' },
    })
  const http = createHttp({ fetch: context.fetch, signal: context.signal })
  const source = download(http, url, { what, limit: largest, resume: 'digest', signal: context.signal })
  return await collect(source, { limit: largest, what })
}

async function keep(
  bytes: Uint8Array,
  { known, key, context }: { readonly known: ValueCache; readonly key: Digest; readonly context: Context },
): Promise<{ readonly digest: Digest; readonly size: number }> {
  const digest = sha256(bytes)
  await new ValueCache(join(context.cacheDir, 'files-2'), context.progress).put(digest, bytes)
  await known.put(key, JSON.stringify(digest))
  return { digest, size: bytes.length }
}

/**
 * Fetches a file that has to have one of some digests ("sha512:<hex>"), and stores it by its SHA-256. Of the given
 * digests only those of the strongest kind count. A SHA-1 alone is as good as its address: see `fetchFirst`. Throws `digest-mismatch`.
 */
export async function fetchHashed(
  url: string,
  hashes: readonly string[],
  {
    context,
    what,
    hashedAs,
  }: {
    readonly context: Context
    readonly what: string
    /**
     * Derives from the file what the digests are computed over; they are then written "zip-sha512:<hex>". Absent: the
     * file itself.
     */
    readonly hashedAs?: (bytes: Uint8Array) => Promise<Uint8Array>
  },
): Promise<{ readonly digest: Digest; readonly size: number }> {
  const own = hashes.find(isDigest)
  if (own !== undefined)
    return { digest: own, size: (await fetchRecipeFile({ address: url, digest: own, what }, context)).size }
  const strongest = ['zip-sha512', 'sha512', 'sha384'].find((kind) =>
    hashes.some((hash) => hash.startsWith(`${kind}:`)),
  )
  const sha1 = hashes.find((hash) => hash.startsWith('sha1:'))
  if (strongest === undefined && sha1 !== undefined)
    return await fetchFirst(url, sha1.slice('sha1:'.length), { context, what })
  if (strongest === undefined)
    throw new TemperError('bad-recipe', `${what}: no digest is known to check it against`)
  const promised = hashes.filter((hash) => hash.startsWith(`${strongest}:`))
  // By any of them: what was fetched once need not be fetched to learn its SHA-256.
  const known = new ValueCache(join(context.cacheDir, 'artifacts-1'), context.progress)
  const key = sha256(promised.join(' '))
  const before = await known.getJson<Digest>(key)
  if (before !== undefined)
    return {
      digest: before,
      size: (await fetchRecipeFile({ address: url, digest: before, what }, context)).size,
    }
  const bytes = await fetchWhole(url, { context, what })
  const hashed = (await hashedAs?.(bytes)) ?? bytes
  const found = `${strongest}:${createHash(strongest.replace('zip-', '')).update(hashed).digest('hex')}`
  if (!promised.includes(found))
    throw new TemperError('digest-mismatch', `${what}: expected ${promised.join(' or ')}, found ${found}`, {
      details: { url: redactUrl(url), expected: promised, found },
    })
  return await keep(bytes, { known, key, context })
}
