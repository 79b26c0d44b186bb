import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredFeed } from '../../advisory/index/store/stored-feed.ts'
import type { ByteStream } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { fileError, makeFolder, temporaryPath } from '../../base/file.ts'
import { openDownload } from '../../base/http/download.ts'
import type { Http } from '../../base/http/http.ts'
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
  /** Whether a missing file is an answer rather than an error. */
  readonly optional?: boolean
  /** The validators of the file that is known (RFC 9110): the server may answer that it is unchanged. */
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

/**
 * Fetches a file if it has changed (RFC 9110: If-None-Match, If-Modified-Since), and continues where an earlier run
 * ended if a strong ETag shows that it is still the same file. The caller removes the file when done with it.
 */
export async function downloadFeed(http: Http, feed: FeedDownload): Promise<Downloaded> {
  await makeFolder(feed.folder)
  const at: Position = { partial: await claimPartial(feed) }
  try {
    return await fetchFeed(http, feed, at).catch(async (error: unknown) => {
      if (!isOtherFile(error)) throw error
      await drop(at)
      return await fetchFeed(http, feed, at)
    })
  } catch (error) {
    await releasePartial(feed, at.partial)
    throw error
  }
}

/** What there is of the file, while it is fetched. */
interface Position {
  partial: PartialFile | undefined
}

/** The server has put another file there while this one was fetched. */
function isOtherFile(error: unknown): boolean {
  return error instanceof TemperError && error.code === 'network' && error.details['status'] === 200
}

async function drop(at: Position): Promise<void> {
  await discardPartial(at.partial)
  at.partial = undefined
}

async function fetchFeed(http: Http, feed: FeedDownload, at: Position): Promise<Downloaded> {
  const { partial } = at
  const opened = await openDownload(http, feed.url, {
    what: `the feed ${feed.id}`,
    limit: sizeLimit,
    signal: feed.signal,
    conditions: conditionsOf(feed.known),
    answers: [304, ...(feed.optional === true ? [404] : [])],
    ...(partial?.etag === undefined ? {} : { offset: partial.size, etag: partial.etag }),
  })
  if (opened.start === 0) await drop(at)
  if (opened.status === 304) return { kind: 'unchanged' }
  if (opened.status === 404) return { kind: 'absent' }
  const file = at.partial ?? newPartial(feed, opened.headers.get('etag'))
  at.partial = file
  await receive(feed, opened.bytes(), file)
  await rm(`${file.path}.json`, { force: true })
  const etag = opened.headers.get('etag') ?? file.etag
  const lastModified = opened.headers.get('last-modified') ?? undefined
  const validators = {
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  }
  return { kind: 'file', path: file.path, validators }
}

function conditionsOf(known: FeedDownload['known']): Readonly<Record<string, string>> {
  return {
    ...(known?.etag === undefined ? {} : { 'if-none-match': known.etag }),
    ...(known?.lastModified === undefined ? {} : { 'if-modified-since': known.lastModified }),
  }
}

function newPartial(feed: FeedDownload, etag: string | null): PartialFile {
  const path = temporaryPath(join(feed.folder, 'file'))
  const isStrong = etag !== null && /^"[^"]*"$/.test(etag)
  return { path, size: 0, hash: createHash('sha256'), ...(isStrong ? { etag } : {}) }
}

async function receive(feed: FeedDownload, bytes: ByteStream, partial: PartialFile): Promise<void> {
  const file = await open(partial.path, 'a').catch((error: unknown) => {
    throw fileError('write', partial.path, error)
  })
  try {
    for await (const chunk of bytes) {
      await file.writeFile(chunk)
      const isDue =
        Math.floor((partial.size + chunk.length) / noteEvery) > Math.floor(partial.size / noteEvery)
      partial.size += chunk.length
      partial.hash.update(chunk)
      if (isDue) await writeNote(feed, partial)
      feed.onBytes(chunk.length)
    }
  } catch (error) {
    throw fileError('write', partial.path, error)
  } finally {
    await file.close()
  }
}
