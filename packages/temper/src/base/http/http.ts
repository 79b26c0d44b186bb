import { setTimeout as delay } from 'node:timers/promises'
import { collect } from '../bytes.ts'
import { TemperError } from '../error.ts'
import { createStallGuard, fetchBody, guardedBody, type StallGuard } from './body.ts'
import { describeFailure, describeStatus, httpError, isPassing } from './failure.ts'
import type { HttpRequest, HttpResponse } from './message.ts'
import { originOnly, redirectTarget } from './redirect.ts'

export type { HttpBody, HttpRequest, HttpResponse } from './message.ts'

export interface HttpOptions {
  /** Makes one request; the caller provides a function that knows about proxies and certificates. */
  readonly fetch: typeof globalThis.fetch
  readonly userAgent?: string
  /** Ends every request. */
  readonly signal?: AbortSignal
  /** Milliseconds of waiting without data after which a request counts as dead. Default 30,000. */
  readonly stallTimeout?: number
  /** Further tries of a request that may be repeated. Default 3. */
  readonly retries?: number
  /** Milliseconds before the first further try; doubles each time. Default 300. */
  readonly firstDelay?: number
  /** `fetch` answers addresses of files, too (`fetchWithFolders`). Default: they are refused. */
  readonly files?: boolean
  /** Number of redirects that are followed. Default 6. */
  readonly maxRedirects?: number
}

/**
 * HTTP for all of Temper: retries with exponential back-off (honouring Retry-After up to 20 s), a stall
 * timeout, bounded redirects on which credentials never reach another origin, and one error with a redacted
 * address: `network`, or `unauthorized` for an unwanted 401 or 403; `interrupted` when the signal fired.
 */
export interface Http {
  request(url: string | URL, init?: HttpRequest): Promise<HttpResponse>
}

const repeatable = new Set(['GET', 'HEAD', 'PUT', 'DELETE'])
const passingStatus = new Set([408, 429, 500, 502, 503, 504])
const longestDelay = 20_000

type Settings = Required<Omit<HttpOptions, 'userAgent' | 'signal'>> &
  Pick<HttpOptions, 'userAgent' | 'signal'>

export function createHttp(options: HttpOptions): Http {
  const settings: Settings = {
    stallTimeout: 30_000,
    retries: 3,
    firstDelay: 300,
    maxRedirects: 6,
    files: false,
    ...options,
  }
  return { request: (url, init = {}) => requestWithRetries(settings, url, init) }
}

/** Turns what a request throws into the error to report. `found` words may be added by the caller. */
function explain(error: unknown, call: { url: URL; init: HttpRequest; guard: StallGuard }): unknown {
  if (error instanceof TemperError) return error
  const method = call.init.method ?? 'GET'
  const { what } = call.init
  const fault = call.guard.fault()
  if (fault !== undefined) return httpError({ method, url: call.url, what, found: fault, cause: error })
  if (call.guard.signal.aborted)
    return new TemperError('interrupted', 'Stopped while waiting for the network', { cause: error })
  return httpError({ method, url: call.url, what, found: describeFailure(error), cause: error })
}

async function requestWithRetries(
  settings: Settings,
  address: string | URL,
  init: HttpRequest,
): Promise<HttpResponse> {
  const method = init.method ?? 'GET'
  const retries = init.retries ?? (repeatable.has(method) ? settings.retries : 0)
  const url = parseAddress(address, settings)
  for (let attempt = 0; ; attempt++) {
    const last = attempt >= retries
    let wait = settings.firstDelay * 2 ** attempt
    try {
      const response = await followRedirects(settings, url, init)
      if (last || !passingStatus.has(response.status)) return await expectStatus(response, init)
      wait = Math.max(wait, retryAfter(response))
      await response.close()
    } catch (error) {
      if (last || !(error instanceof TemperError) || error.code !== 'network') throw error
      if (error.details['status'] !== undefined || !isPassing(error.cause)) throw error
    }
    await pause(Math.min(wait, longestDelay), init.signal ?? settings.signal)
  }
}

function parseAddress(address: string | URL, { files }: Settings): URL {
  const url = URL.parse(String(address))
  if (files && url?.protocol === 'file:') return url
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw httpError({ method: 'GET', url: address, found: 'this is not an http or https address' })
  }
  if (url.username || url.password) {
    throw httpError({ method: 'GET', url, found: 'addresses with a user or password are not accepted' })
  }
  return url
}

async function followRedirects(settings: Settings, start: URL, init: HttpRequest): Promise<HttpResponse> {
  const most = init.maxRedirects ?? settings.maxRedirects
  let url = start
  let request = init
  for (let count = 0; ; count++) {
    const response = await requestOnce(settings, url, request)
    const target = most === 0 ? undefined : redirectTarget(response, url, request)
    if (!target) return response
    await response.close()
    if (count >= most) {
      throw httpError({
        method: init.method ?? 'GET',
        url: start,
        what: init.what,
        found: `more than ${most} redirects`,
        status: response.status,
      })
    }
    request = originOnly(target.init, url, target.url)
    url = target.url
  }
}

async function requestOnce(settings: Settings, url: URL, init: HttpRequest): Promise<HttpResponse> {
  const signals = [init.signal, settings.signal].filter((signal) => signal !== undefined)
  const caller = signals.length > 1 ? AbortSignal.any(signals) : signals[0]
  const guard = createStallGuard(init.stallTimeout ?? settings.stallTimeout, caller, init)
  const call = { url, init, guard }
  try {
    const response = await guard.waitFor(
      settings.fetch(url, {
        method: init.method ?? 'GET',
        // Archives are wanted as they are: a coding on top would be undone by fetch and change the bytes.
        headers: {
          'accept-encoding': 'identity',
          ...(settings.userAgent === undefined ? {} : { 'user-agent': settings.userAgent }),
          ...init.headers,
        },
        redirect: 'manual',
        signal: guard.signal,
        ...fetchBody(init.body, guard),
      }),
    )
    return toResponse(response, call)
  } catch (error) {
    const explained = explain(error, call)
    guard.dispose()
    throw explained
  }
}

function toResponse(
  response: Response,
  call: { url: URL; init: HttpRequest; guard: StallGuard },
): HttpResponse {
  const body = guardedBody(response, call.guard, (error) => explain(error, call))
  const what = call.init.what ?? `the answer of ${call.url.host}`
  const bytes = (limit: number) => collect(body, { limit, what })
  return {
    status: response.status,
    headers: response.headers,
    url: call.url.href,
    ...throughOf(response),
    body,
    bytes,
    text: async (limit) => new TextDecoder().decode(await bytes(limit)),
    async close() {
      if (isShort(response)) await readToEnd(body)
      // A generator that was never started runs no `finally`.
      call.guard.dispose()
      await body.return()
    },
  }
}

/** Bytes of an answer up to which it is read although nobody wants it: the connection can be used again then. */
const shortAnswer = 16 << 10

/** Milliseconds after which what is left of such an answer is not waited for any more. */
const readingOn = 100

function isShort({ headers }: Response): boolean {
  const length = headers.get('content-length') ?? ''
  return /^\d{1,5}$/.test(length) && Number(length) <= shortAnswer
}

async function readToEnd(body: AsyncIterable<Uint8Array>): Promise<void> {
  const rest = async () => {
    for await (const _ of body);
  }
  const over = new Promise<void>((resolve) => setTimeout(resolve, readingOn).unref())
  // How it ends is nobody's business any more.
  await Promise.race([rest().catch(() => {}), over])
}

/** The proxy that our own fetch says an answer came through. */
function throughOf(response: Response): { through?: string } {
  const { through } = response as { readonly through?: unknown }
  return typeof through === 'string' ? { through } : {}
}

async function expectStatus(response: HttpResponse, init: HttpRequest): Promise<HttpResponse> {
  if (!init.expect || init.expect.includes(response.status)) return response
  await response.close()
  const refused = response.status === 401 || (response.status === 403 && init.headers?.['authorization'])
  throw httpError({
    method: init.method ?? 'GET',
    url: response.url,
    what: init.what,
    found: describeStatus(response),
    status: response.status,
    code: refused ? 'unauthorized' : 'network',
  })
}

/** Milliseconds; 0 when the server does not say, or says it as a date (there is no clock here). */
function retryAfter(response: HttpResponse): number {
  const text = response.headers.get('retry-after') ?? ''
  return /^\d{1,6}$/.test(text) ? Number(text) * 1000 : 0
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal ? { signal } : {})
  } catch (error) {
    throw new TemperError('interrupted', 'Stopped while waiting for the network', { cause: error })
  }
}
