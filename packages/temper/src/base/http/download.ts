import type { ByteStream } from '../bytes.ts'
import { TemperError } from '../error.ts'
import { httpError } from './failure.ts'
import type { Http, HttpResponse } from './http.ts'

export interface DownloadRequest {
  /** What is wanted, for error messages. */
  readonly what: string
  /** More bytes than this, counted from the start of the file, are an error. */
  readonly limit: number
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Bytes at the start of the file that the caller already has; only the rest is yielded. */
  readonly offset?: number
  /** Strong ETag of the file that those bytes belong to. */
  readonly etag?: string
  /** Headers that ask for an answer without content when nothing has changed. Not sent with an offset. */
  readonly conditions?: Readonly<Record<string, string>>
  /** Statuses besides 200 and 206 that are answers, such as 304. */
  readonly answers?: readonly number[]
  /**
   * What makes it safe to continue a broken download: the caller checks the `digest` of the whole, or the server's
   * `validator` (a strong ETag) says that the file is the same. Default: "validator".
   */
  readonly resume?: 'digest' | 'validator'
  /** Times that a broken download is continued without at least 1 MiB of progress. Default 3. */
  readonly resumes?: number
}

/** What a server answered, and the file that it has begun to send. */
export interface Download {
  /** 200 or 206, or one of `answers`, which have no bytes. */
  readonly status: number
  readonly headers: Headers
  /** Where in the file the bytes begin: 0 when the server's file is no longer the one whose ETag was given. */
  readonly start: number
  /** The bytes, to be read once. Stopping early ends the connection, too. */
  bytes(): AsyncGenerator<Uint8Array, void, void>
}

const goodProgress = 1024 * 1024

/**
 * The bytes of a file by GET, continued with range requests when the connection breaks (RFC 9110, section 14).
 * Errors as `Http.request` with any status but 200 and 206 as an error; `limit-exceeded`.
 */
export async function* download(
  http: Http,
  url: string | URL,
  request: DownloadRequest,
): AsyncGenerator<Uint8Array, void, void> {
  const opened = await openDownload(http, url, request)
  yield* opened.bytes()
}

/** The same, for callers that want to know what the server says about the file before they take its bytes. */
export async function openDownload(
  http: Http,
  url: string | URL,
  request: DownloadRequest,
): Promise<Download> {
  const { offset = 0, etag, answers = [] } = request
  let response = await requestFrom(http, url, { ...request, position: offset, etag })
  // What is at hand is longer than what the server has: it is of another file.
  if (response.status === 416) {
    await response.close()
    response = await requestFrom(http, url, { ...request, position: 0 })
  }
  const { status, headers } = response
  if (answers.includes(status)) {
    await response.close()
    return { status, headers, start: 0, bytes: nothing }
  }
  const start = etag !== undefined && status === 200 ? 0 : offset
  const bytes = () => continued(http, url, { ...request, response, position: start })
  return { status, headers, start, bytes }
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}

/** The bytes of an answer from `position` on, and of further ones where it breaks. */
async function* continued(
  http: Http,
  url: string | URL,
  request: DownloadRequest & { readonly response: HttpResponse; readonly position: number },
): AsyncGenerator<Uint8Array, void, void> {
  let { response, position } = request
  const etag = strongEtag(response)
  let left = request.resumes ?? 3
  for (;;) {
    const startedAt = position
    try {
      for await (const chunk of bodyFrom(response, url, { ...request, position })) {
        position += chunk.length
        yield chunk
      }
      return
    } catch (error) {
      if (!(error instanceof TemperError) || error.code !== 'network') throw error
      const canResume = request.resume === 'digest' || etag !== undefined
      if (position - startedAt >= goodProgress) left = request.resumes ?? 3
      if (!canResume || left-- <= 0 || error.details['status'] !== undefined) throw error
    } finally {
      await response.close()
    }
    response = await requestFrom(http, url, { ...request, answers: [], position, etag })
  }
}

type Position = Omit<DownloadRequest, 'etag'> & {
  readonly position: number
  readonly etag?: string | undefined
}

async function requestFrom(http: Http, url: string | URL, at: Position): Promise<HttpResponse> {
  const range: Record<string, string> = {}
  if (at.position > 0) {
    range['range'] = `bytes=${at.position}-`
    if (at.resume !== 'digest' && at.etag) range['if-range'] = at.etag
  }
  const isContinued = at.position > 0
  return http.request(url, {
    headers: { ...at.headers, ...(isContinued ? range : at.conditions) },
    expect: [
      ...(isContinued ? [200, 206] : [200]),
      ...(isContinued && at.etag ? [416] : []),
      ...(at.answers ?? []),
    ],
    what: at.what,
    ...(at.signal ? { signal: at.signal } : {}),
  })
}

/** The body from `position` on, whether or not the server heeded the range; never beyond the limit. */
async function* bodyFrom(response: HttpResponse, url: string | URL, at: Position): ByteStream {
  const fail = (found: string, code: 'network' | 'limit-exceeded') =>
    httpError({ method: 'GET', url, what: at.what, found, status: response.status, code })
  const whole = response.status === 200
  if (whole && at.position > 0 && at.resume !== 'digest')
    throw fail('the file changed in the meantime', 'network')
  if (!whole && rangeStart(response) !== at.position) {
    throw fail(`asked for bytes from ${at.position}, got a different part`, 'network')
  }
  let seen = whole ? 0 : at.position
  for await (const chunk of response.body) {
    const start = Math.max(0, at.position - seen)
    seen += chunk.length
    if (seen > at.limit) throw fail(`more than ${at.limit} bytes`, 'limit-exceeded')
    if (start < chunk.length) yield start > 0 ? chunk.subarray(start) : chunk
  }
  const promised = Number(response.headers.get('content-length') ?? Number.NaN)
  const received = seen - (whole ? 0 : at.position)
  if (Number.isSafeInteger(promised) && received < promised) {
    throw httpError({ method: 'GET', url, what: at.what, found: `cut short after ${seen} bytes` })
  }
}

function rangeStart(response: HttpResponse): number | undefined {
  const match = /^bytes (\d{1,15})-\d{1,15}\/(?:\d{1,15}|\*)$/.exec(
    response.headers.get('content-range') ?? '',
  )
  return match ? Number(match[1]) : undefined
}

function strongEtag(response: HttpResponse): string | undefined {
  const etag = response.headers.get('etag')
  return etag && /^"[^"]*"$/.test(etag) ? etag : undefined
}
