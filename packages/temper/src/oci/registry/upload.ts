import { setTimeout as sleep } from 'node:timers/promises'
import { collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import type { HttpBody, HttpResponse } from '../../base/http/http.ts'
import type { Blob } from '../../model/image.ts'
import type { RegistryClient } from './client.ts'
import { isSuccess, registryError } from './error.ts'
import { UploadSource } from './upload-source.ts'

/** An upload that was started. */
export interface UploadStart {
  readonly location: URL
  /** Minimum size in bytes of each chunk but the last (distribution-spec, OCI-Chunk-Min-Length). */
  readonly leastChunk: number
}

export interface UploadOptions {
  /** Maximum bytes of one request. Default: the whole blob, or less once a server says that it is too large. */
  readonly chunkSize?: number
  /** Failures in a row after which an upload is given up. Default 5. */
  readonly retries?: number
  /** Milliseconds before the first further try; doubles each time. Default 300. */
  readonly firstDelay?: number
}

/** Blobs up to this size are sent with the request that ends the upload. */
const monolithicLimit = 1 << 20
/** What is tried when a server or proxy refuses a request as too large. */
const fallbackChunk = 16 << 20
/** What GitHub's registry takes of a part. */
const smallChunk = 4 << 20
/** No server wants smaller requests than these. */
const leastRequest = 256 << 10
/** Progress after which earlier failures are forgotten. */
const goodProgress = 8 << 20
const longestDelay = 20_000
/** Milliseconds without progress; the end of an upload may take a registry long, which stores it then. */
const stallTimeout = 60_000
const patience = 300_000

/** Statuses after which another try may succeed. */
const passing = new Set([408, 416, 429, 500, 502, 503, 504])

/**
 * Uploads a blob (distribution-spec, "Pushing Blobs") as other clients do: small ones in one request, larger ones as
 * one stream without Content-Range, in parts only when the registry wants them or the stream broke off. Any success
 * status counts. `start` is an upload that was started already.
 */
export async function upload(
  client: RegistryClient,
  blob: Blob,
  options: UploadOptions & { readonly start?: UploadStart } = {},
): Promise<void> {
  const session = new UploadSession(client, blob, options)
  try {
    await session.run()
  } finally {
    await session.close()
  }
}

/** An answer that another try, or another way of sending, may change. */
class Refused extends Error {
  readonly response: { readonly status: number; readonly error: TemperError }

  constructor(response: { status: number; error: TemperError }) {
    super(response.error.message)
    this.response = response
  }
}

class UploadSession {
  readonly #client: RegistryClient
  readonly #blob: Blob
  readonly #source: UploadSource
  readonly #options: UploadOptions
  readonly #what: string
  #location: URL | undefined
  #offset = 0
  #chunk: number
  #leastChunk: number

  constructor(client: RegistryClient, blob: Blob, options: UploadOptions & { readonly start?: UploadStart }) {
    this.#client = client
    this.#blob = blob
    this.#options = options
    this.#what = `${blob.descriptor.digest} to ${client.place}`
    this.#source = new UploadSource(blob, this.#what)
    this.#location = options.start?.location
    this.#leastChunk = options.start?.leastChunk ?? 0
    this.#chunk = options.chunkSize ?? Number.MAX_SAFE_INTEGER
  }

  async run(): Promise<void> {
    const retries = this.#options.retries ?? 5
    let failures = 0
    let best = 0
    for (;;) {
      try {
        return await this.#attempt()
      } catch (error) {
        if (this.#source.failure !== undefined) throw this.#source.failure.error
        const shrunk = this.#shrink(error)
        if (this.#offset - best >= goodProgress) failures = 0
        best = Math.max(best, this.#offset)
        if (!shrunk && (!isPassing(error) || ++failures > retries)) throw errorOf(error)
        if (!shrunk)
          await sleep(Math.min((this.#options.firstDelay ?? 300) * 2 ** (failures - 1), longestDelay))
        await this.#recover(error)
      }
    }
  }

  close(): Promise<void> {
    return this.#source.close()
  }

  async #attempt(): Promise<void> {
    const { size } = this.#blob.descriptor
    this.#location ??= await this.#begin()
    if (size <= Math.min(monolithicLimit, Math.max(this.#chunk, this.#leastChunk)) && this.#offset === 0) {
      const bytes = await collect(this.#source.part(0, size), { limit: size, what: this.#what })
      await this.#source.finish(size)
      await this.#put(bytes)
      return
    }
    while (this.#offset < size) await this.#patch(this.#location, this.#nextEnd())
    await this.#source.finish(size)
    await this.#put(new Uint8Array())
  }

  async #begin(): Promise<URL> {
    const url = this.#client.url('blobs/uploads/')
    const { location, leastChunk } = uploadStart(await this.#send('POST', url), url, this.#client)
    this.#offset = 0
    this.#leastChunk = leastChunk
    return location
  }

  #nextEnd(): number {
    return Math.min(this.#blob.descriptor.size, this.#offset + Math.max(this.#chunk, this.#leastChunk))
  }

  async #patch(location: URL, end: number): Promise<void> {
    const start = this.#offset
    const whole = start === 0 && end === this.#blob.descriptor.size
    const response = await this.#send('PATCH', location, {
      body: () => this.#source.part(start, end),
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(end - start),
        ...(whole ? {} : { 'content-range': `${start}-${end - 1}` }),
      },
    })
    // A registry may store less than it was sent. What is no progress is no news: several answer "0-0" or nothing.
    const stored = storedBytes(response) ?? end
    this.#offset = stored > Math.max(start, 1) && stored < end ? stored : end
    this.#location = this.#client.location(response.headers.get('location') ?? location.href, location)
  }

  async #put(body: Uint8Array): Promise<void> {
    const url = new URL(this.#location ?? this.#client.origin)
    // Added to the text as it is: the rest may be signed, and writing it anew would change it.
    const digest = `digest=${encodeURIComponent(this.#blob.descriptor.digest)}`
    url.search = url.search === '' ? digest : `${url.search}&${digest}`
    await this.#send('PUT', url, { body, headers: { 'content-type': 'application/octet-stream' } })
  }

  async #send(
    method: string,
    url: URL,
    request: { readonly body?: HttpBody; readonly headers?: Record<string, string> } = {},
  ): Promise<HttpResponse> {
    const response = await this.#client.request(url, {
      method,
      ...request,
      // An upload that broke off has to be looked at before it goes on.
      retries: 0,
      maxRedirects: 0,
      stallTimeout: method === 'PUT' ? patience : stallTimeout,
      what: `the upload of ${this.#what}`,
    })
    const { status } = response
    if (isSuccess(status)) {
      await response.close()
      return response
    }
    const wait = retryAfter(response)
    const error = await registryError(response, { verb: 'push', what: this.#what, method })
    if (wait > 0) await sleep(wait)
    throw new Refused({ status, error })
  }

  /** Makes requests smaller after one was too large; false when that was not the cause. */
  #shrink(error: unknown): boolean {
    return error instanceof Refused && error.response.status === 413 && this.#takeChunksOf(fallbackChunk)
  }

  /**
   * From now on sends at most this much at once, and at most half of what was too much; false when that is too
   * little.
   */
  #takeChunksOf(most: number): boolean {
    const now = Math.min(this.#chunk, this.#blob.descriptor.size - this.#offset)
    const next = Math.max(Math.min(most, Math.floor(now / 2)), this.#leastChunk)
    if (next < leastRequest || next >= now) return false
    this.#chunk = next
    return true
  }

  /** Finds out where to continue; starts again with a new upload when that cannot be determined. */
  async #recover(error: unknown): Promise<void> {
    const location = this.#location
    const start = () => {
      this.#location = undefined
      this.#offset = 0
    }
    if (location === undefined || this.#blob.descriptor.size <= monolithicLimit || isFinal(error))
      return start()
    const response = await this.#client
      .request(location, { retries: 2, what: `the state of the upload of ${this.#what}` })
      .catch((failure: unknown) => {
        if (failure instanceof TemperError && failure.code === 'network') return undefined
        throw failure
      })
    if (response === undefined) return start()
    await response.close()
    const stored = storedBytes(response)
    // "0-0" stands for one byte and, with some registries, for none.
    const usable = stored !== undefined && (stored > 1 || this.#offset === 0)
    if (!isSuccess(response.status) || !usable || stored > this.#blob.descriptor.size) return start()
    const before = this.#offset
    this.#offset = stored > 1 ? stored : 0
    // Nothing is missing and nothing too much: it is the size that the registry did not like.
    if (this.#offset === before && error instanceof Refused && error.response.status === 416)
      this.#takeChunksOf(smallChunk)
    this.#location = this.#client.location(response.headers.get('location') ?? location.href, location)
  }
}

/** Where an upload continues that a POST has started. */
export function uploadStart(response: HttpResponse, url: URL, client: RegistryClient): UploadStart {
  const least = response.headers.get('oci-chunk-min-length') ?? ''
  return {
    location: client.location(response.headers.get('location'), url),
    leastChunk: /^\d{1,12}$/.test(least) ? Number(least) : 0,
  }
}

/** Bytes that the registry has, from a header "Range: 0-99". */
function storedBytes(response: HttpResponse): number | undefined {
  const match = /^(?:bytes=)?0-(\d{1,15})$/.exec(response.headers.get('range') ?? '')
  return match ? Number(match[1]) + 1 : undefined
}

function retryAfter(response: HttpResponse): number {
  const text = response.headers.get('retry-after') ?? ''
  return passing.has(response.status) && /^\d{1,6}$/.test(text)
    ? Math.min(Number(text) * 1000, longestDelay)
    : 0
}

/** The upload itself is gone or spoilt. */
function isFinal(error: unknown): boolean {
  return error instanceof Refused && (error.response.status === 404 || error.response.status === 400)
}

function isPassing(error: unknown): boolean {
  if (error instanceof Refused) return passing.has(error.response.status) || isFinal(error)
  return error instanceof TemperError && error.code === 'network'
}

function errorOf(error: unknown): unknown {
  return error instanceof Refused ? error.response.error : error
}
