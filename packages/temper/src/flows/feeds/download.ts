import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { slug } from '../../advisory/index/store/store.ts'
import type { StoredFeed } from '../../advisory/index/store/stored-feed.ts'
import { TemperError } from '../../base/error.ts'
import { fileError, makeFolder, readFileIfExists, temporaryPath, writeFileAtomic } from '../../base/file.ts'
import { httpError } from '../../base/http/failure.ts'
import type { Http, HttpResponse } from '../../base/http/http.ts'

export interface FeedDownload {
  readonly id: string
  readonly url: string
  /** A file that is not there is an answer, not an error. */
  readonly optional?: boolean
  /** What was said of the file that is known: the server may answer that it is still the same. */
  readonly known?: Pick<StoredFeed, 'etag' | 'lastModified'>
  /** Folder for files that are being fetched; what a broken run left there is continued. */
  readonly folder: string
  readonly signal: AbortSignal
  /** Milliseconds since 1970: tells what other processes left from what they are writing. */
  readonly now: number
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

/** A file that another process has not written to for this long (milliseconds) is nobody's. */
const abandoned = 120_000

/** What is known of a file that is not complete yet. */
interface PartialFile {
  readonly path: string
  readonly etag?: string
  size: number
}

/**
 * Fetches a file if it changed (RFC 9110: If-None-Match, If-Modified-Since), and goes on where an earlier try ended when
 * the server vouches by a strong ETag that it is still the same file. The caller removes the file when done with it.
 */
export async function downloadFeed(http: Http, download: FeedDownload): Promise<Downloaded> {
  await makeFolder(download.folder)
  const at: Position = { partial: await claim(download) }
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
    await release(download, at.partial)
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
      await discard(at.partial)
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
  await discard(partial)
  const etag = response.headers.get('etag') ?? undefined
  const path = temporaryPath(join(download.folder, 'file'))
  const isStrong = etag !== undefined && /^"[^"]*"$/.test(etag)
  if (isStrong) await writeFileAtomic(`${path}.json`, JSON.stringify({ url: download.url, etag }))
  return { path, size: 0, ...(isStrong ? { etag } : {}) }
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
      partial.size += chunk.length
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

/** Takes over what a run that ended left of the same file. */
async function claim(download: FeedDownload): Promise<PartialFile | undefined> {
  const stem = slug(download.url)
  for (const name of await readdir(download.folder)) {
    const path = join(download.folder, name)
    if (name === `${stem}.part`) {
      const own = temporaryPath(path)
      if (!(await movedIfThere(`${path}.json`, `${own}.json`))) continue
      if (await movedIfThere(path, own)) return readPartial(download, own)
      await rm(`${own}.json`, { force: true })
    } else if (
      name.startsWith('.tmp-') &&
      !name.endsWith('.json') &&
      (await isAbandoned(path, download.now))
    ) {
      const partial = await readPartial(download, path, { keepOthers: true })
      if (partial === undefined) continue
      const own = temporaryPath(path)
      if ((await movedIfThere(path, own)) && (await movedIfThere(`${path}.json`, `${own}.json`)))
        return { ...partial, path: own }
    }
  }
  return undefined
}

async function readPartial(
  download: FeedDownload,
  path: string,
  options: { readonly keepOthers?: boolean } = {},
): Promise<PartialFile | undefined> {
  const note = await readFileIfExists(`${path}.json`)
  const { url, etag } = parseNote(note)
  if (url === download.url && etag !== undefined) return { path, etag, size: (await stat(path)).size }
  if (!options.keepOthers) await discard({ path, size: 0 })
  return undefined
}

function parseNote(bytes: Uint8Array | undefined): { readonly url?: string; readonly etag?: string } {
  if (bytes === undefined) return {}
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    const { url, etag } = (value ?? {}) as Record<string, unknown>
    return typeof url === 'string' && typeof etag === 'string' ? { url, etag } : {}
  } catch {
    // Half a note of a process that was killed: the file is fetched anew.
    return {}
  }
}

async function isAbandoned(path: string, now: number): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path)
    return now - mtimeMs > abandoned
  } catch {
    return false
  }
}

/** Leaves what there is for a later run; nothing when it could not be continued. */
async function release(download: FeedDownload, partial: PartialFile | undefined): Promise<void> {
  if (partial === undefined) return
  if (partial.etag === undefined || partial.size === 0) return discard(partial)
  const path = join(download.folder, `${slug(download.url)}.part`)
  await rename(partial.path, path)
  await rename(`${partial.path}.json`, `${path}.json`)
}

async function discard(partial: PartialFile | undefined): Promise<void> {
  if (partial === undefined) return
  await rm(partial.path, { force: true })
  await rm(`${partial.path}.json`, { force: true })
}

async function movedIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw fileError('write', to, error)
  }
}

function failure(download: FeedDownload, found: string, response: HttpResponse): TemperError {
  const what = `the feed ${download.id}`
  return httpError({ method: 'GET', url: download.url, what, found, status: response.status })
}
