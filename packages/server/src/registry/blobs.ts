import { pipeline } from 'node:stream/promises'
import { RegistryError } from './error.ts'
import { answer, type Exchange, headerOf } from './exchange.ts'
import { type ContentDigest, parseContentDigest } from './name.ts'
import type { RepositoryPlace } from './place.ts'
import { parseRange } from './range.ts'
import type { ByteRange } from './storage/content.ts'

/** Bytes that are on their way, and their number. */
export interface ComingBlob {
  readonly size: number
  read(range: ByteRange): AsyncIterable<Uint8Array>
}

/** GET and HEAD of a blob, whole or a range of it (distribution-spec 1.1, "Pulling blobs"). */
export async function showBlob(
  exchange: Exchange,
  place: RepositoryPlace,
  { digest, coming }: { readonly digest: ContentDigest; readonly coming?: ComingBlob | undefined },
): Promise<void> {
  const size = coming?.size ?? (await sizeIn(place, digest))
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Docker-Content-Digest': digest,
    ETag: `"${digest}"`,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, max-age=31536000, immutable',
  }
  if (headerOf(exchange, 'if-none-match') === headers.ETag) return answer(exchange, 304, { headers })
  const range = parseRange(headerOf(exchange, 'range'), size)
  const { start, end } = range ?? { start: 0, end: size - 1 }
  exchange.response.writeHead(range === undefined ? 200 : 206, {
    ...headers,
    'Content-Length': end - start + 1,
    ...(range === undefined ? {} : { 'Content-Range': `bytes ${start}-${end}/${size}` }),
  })
  if (exchange.request.method === 'HEAD' || size === 0) return void exchange.response.end()
  const source = coming ?? { read: (part: ByteRange) => place.storage.content.open(digest, part) }
  await pipeline(source.read({ start, end }), exchange.response)
}

export async function deleteBlob(exchange: Exchange, place: RepositoryPlace, text: string): Promise<void> {
  const digest = parseContentDigest(text)
  if (!(await place.repository.removeBlob(digest))) throw unknownBlob(place, digest)
  answer(exchange, 202)
}

async function sizeIn(place: RepositoryPlace, digest: ContentDigest): Promise<number> {
  const [has, size] = await Promise.all([
    place.repository.hasBlob(digest),
    place.storage.content.size(digest),
  ])
  if (!has || size === undefined) throw unknownBlob(place, digest)
  return size
}

export function unknownBlob({ name }: RepositoryPlace, digest: ContentDigest): RegistryError {
  return new RegistryError('BLOB_UNKNOWN', `${name} has no blob ${digest}`, { detail: { digest } })
}
