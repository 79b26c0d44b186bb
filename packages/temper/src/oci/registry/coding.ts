import { type ByteStream, collect } from '../../base/bytes.ts'
import type { HttpResponse } from '../../base/http/http.ts'
import { decompressGzip } from '../../formats/compress/gzip.ts'

/** Most bytes of an answer that was compressed on its way: readers of lists and manifests have smaller limits of their own. */
const answerLimit = 64 << 20

/**
 * The answer as it was before a server or proxy compressed it although the request asked not to. Only for content
 * that is never gzip itself, since servers also declare a layer's own compression as a coding.
 */
export function withoutCoding(response: HttpResponse): HttpResponse {
  if (!isCoded(response.headers)) return response
  const what = 'the answer of the registry'
  const body = decoded(response.headers, response.body, { limit: answerLimit, what })
  const bytes = (most: number) => collect(body, { limit: most, what })
  // What they say of coding and length is of what was sent.
  const get = (name: string) =>
    /^content-(?:encoding|length)$/i.test(name) ? null : response.headers.get(name)
  const headers = { get } as Headers
  const text = async (most: number) => new TextDecoder().decode(await bytes(most))
  return { ...response, headers, body, bytes, text }
}

/** The body of an answer with these headers, decoded in the same way. */
export function decoded(
  headers: Headers,
  body: ByteStream,
  options: { readonly limit: number; readonly what: string },
): ByteStream {
  return isCoded(headers) ? inflated(body, options) : body
}

function isCoded(headers: Headers): boolean {
  return /^\s*(?:x-)?gzip\s*$/i.test(headers.get('content-encoding') ?? '')
}

async function* inflated(
  body: ByteStream,
  options: { readonly limit: number; readonly what: string },
): AsyncGenerator<Uint8Array, void, void> {
  const source = body[Symbol.asyncIterator]()
  try {
    const { value: first, done } = await source.next()
    if (done === true) return
    const all = (async function* () {
      yield first
      yield* { [Symbol.asyncIterator]: () => source }
    })()
    // Some only say so.
    yield* first[0] === 0x1f && first[1] === 0x8b ? decompressGzip(all, options) : all
  } finally {
    await source.return?.()
  }
}
