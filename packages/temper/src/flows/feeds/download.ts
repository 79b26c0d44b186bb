import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredFeed } from '../../advisory/index/store/stored-feed.ts'
import { TemperError } from '../../base/error.ts'
import { fileError, makeFolder, temporaryPath } from '../../base/file.ts'
import { httpError } from '../../base/http/failure.ts'
import type { Http, HttpResponse } from '../../base/http/http.ts'
import {
  claimPartial,
  discardPartial,
  noteEvery,
  type PartialFile,
  type PartialPlace,
  releasePartial,
  writeNote,
} from './partial-file.ts'

export interface FeedDownload extends PartialPlace {
  readonly id: string
  /** A file that is not there is an answer, not an error. */
  readonly optional?: boolean
  /** What was said of the file that is known: the server may answer that it is still the same. */
  readonly known?: Pick<StoredFeed, 'etag' | 'lastModified'>
  readonly signal: AbortSignal
  readonly onBytes: (count: number) => void
}

export type Downloaded =
  | { readonly kind: 'unchanged' | 'absent' }
  | {
      readonly kind: 'file'
      readonly path: string
      readonly validators: Pick<StoredFeed, 'etag' | 'lastModified'>
    }

/** Most bytes of one file: ten times the largest real one. */
const sizeLimit = 8 * 2 ** 30

/** Times that a broken download is continued at once; later runs continue it too. */
const tries = 4

/**
 * Fetches a file if it changed (RFC 9110: If-None-Match, If-Modified-Since), and goes on where an earlier try ended when
 * the server vouches by a strong ETag that it is still the same file. The caller removes the file when done with it.
 */
export async function downloadFeed(http: Http, download: FeedDownload): Promise<Downloaded> {
  await makeFolder(download.folder)
  const at: Position = { partial: await claimPartial(download) }
  try {
    for (let left = tries; ; left--) {
      const done = await attempt(http, download, at).catch((error: unknown) => {
        const progressed = (at.partial?.size ?? 0) > 0
        const mayPass = isPassing(error) && progressed && left > 0 && !download.signal.aborted
        if (!mayPass) throw error
      })
      if (done !== undefined) return done
    }
  } catch (error) {
    await releasePartial(download, at.partial)
    throw error
  }
}

/** What there is of the file, while it is fetched. */
interface Position {
  partial: PartialFile | undefined
}

/** Undefined: what was at hand does not fit what the server has; it is gone, and the next try begins anew. */
async function attempt(http: Http, download: FeedDownload, at: Position): Promise<Downloaded | undefined> {
  const response = await ask(http, download, at.partial)
  try {
    if (response.status === 304) return { kind: 'unchanged' }
    if (response.status === 404) return { kind: 'absent' }
    if (response.status === 416) {
      if (at.partial === undefined) throw failure(download, 'it does not serve the file', response)
      await discardPartial(at.partial)
      at.partial = undefined
      return undefined
    }
    const partial = await continued(download, { response, partial: at.partial })
    at.partial = partial
    await receive(download, { response, partial })
    await rm(`${partial.path}.json`, { force: true })
    const etag = response.headers.get('etag') ?? partial.etag
    const lastModified = response.headers.get('last-modified') ?? undefined
    const validators = {
      ...(etag === undefined ? {} : { etag }),
      ...(lastModified === undefined ? {} : { lastModified }),
    }
    return { kind: 'file', path: partial.path, validators }
  } finally {
    await response.close()
  }
}

/** A connection that broke; an answer that says no will say it again. */
function isPassing(error: unknown): boolean {
  return error instanceof TemperError && error.code === 'network' && error.details['status'] === undefined
}

async function ask(
  http: Http,
  download: FeedDownload,
  partial: PartialFile | undefined,
): Promise<HttpResponse> {
  const { known, optional, url, signal, id } = download
  const headers: Record<string, string> = {}
  if (partial?.etag !== undefined && partial.size > 0) {
    headers['range'] = `bytes=${partial.size}-`
    headers['if-range'] = partial.etag
  } else {
    if (known?.etag !== undefined) headers['if-none-match'] = known.etag
    if (known?.lastModified !== undefined) headers['if-modified-since'] = known.lastModified
  }
  const expect = [200, 206, 304, 416, ...(optional === true ? [404] : [])]
  return http.request(url, { headers, expect, signal, what: `the feed ${id}` })
}

/** The file that the answer goes into: the one at hand when it is continued, else a new one. */
async function continued(
  download: FeedDownload,
  { response, partial }: { readonly response: HttpResponse; readonly partial: PartialFile | undefined },
): Promise<PartialFile> {
  if (response.status === 206) {
    const range = /^bytes (\d{1,15})-/.exec(response.headers.get('content-range') ?? '')
    if (partial !== undefined && Number(range?.[1]) === partial.size) return partial
    throw failure(download, 'it sends another part than was asked for', response)
  }
  await discardPartial(partial)
  const etag = response.headers.get('etag') ?? undefined
  const path = temporaryPath(join(download.folder, 'file'))
  const isStrong = etag !== undefined && /^"[^"]*"$/.test(etag)
  return { path, size: 0, hash: createHash('sha256'), ...(isStrong ? { etag } : {}) }
}

async function receive(
  download: FeedDownload,
  { response, partial }: { readonly response: HttpResponse; readonly partial: PartialFile },
): Promise<void> {
  const started = partial.size
  const file = await open(partial.path, 'a').catch((error: unknown) => {
    throw fileError('write', partial.path, error)
  })
  try {
    for await (const chunk of response.body) {
      if (partial.size + chunk.length > sizeLimit)
        throw failure(download, `it sends more than ${sizeLimit} bytes`, response)
      await file.writeFile(chunk)
      const isDue =
        Math.floor((partial.size + chunk.length) / noteEvery) > Math.floor(partial.size / noteEvery)
      partial.size += chunk.length
      partial.hash.update(chunk)
      if (isDue) await writeNote(download, partial)
      download.onBytes(chunk.length)
    }
  } catch (error) {
    throw fileError('write', partial.path, error)
  } finally {
    await file.close()
  }
  const promised = Number(response.headers.get('content-length') ?? Number.NaN)
  if (Number.isSafeInteger(promised) && partial.size - started < promised)
    throw httpError({
      method: 'GET',
      url: download.url,
      what: `the feed ${download.id}`,
      found: `cut short after ${partial.size} bytes`,
    })
}

function failure(download: FeedDownload, found: string, response: HttpResponse): TemperError {
  const what = `the feed ${download.id}`
  return httpError({ method: 'GET', url: download.url, what, found, status: response.status })
}
