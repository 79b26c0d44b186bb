import { collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { openDownload } from '../../base/http/download.ts'
import { createHttp } from '../../base/http/http.ts'
import { redactUrl } from '../../base/http/redact.ts'
import { type IndexedFile, pageTypes, readIndexPage } from '../../dependencies/python/index-page.ts'
import type { Context } from '../context.ts'

/** Bytes of one page: that of a package with thousands of files has some megabytes. */
const largest = 64 * 1024 * 1024

/**
 * The files of a package at the first index that has it. Throws `bad-usage` when no index is known, `not-found`,
 * `network`.
 */
export async function indexedFiles(
  name: string,
  indices: readonly string[],
  context: Context,
): Promise<readonly IndexedFile[]> {
  if (indices.length === 0)
    throw new TemperError('bad-usage', `Nothing says which index has the package ${name}`, {
      hint: 'The lock file names none, and pip, which would know its index, is not installed: name the index in the lock file (a line "index-url"), or as mirrors.pypi in the configuration.',
    })
  if (context.offline)
    throw new TemperError(
      'offline',
      `It is not known where to get the package ${name}, and the network must not be used`,
      {
        next: { action: 'go-online' },
      },
    )
  const http = createHttp({ fetch: context.fetch, signal: context.signal })
  for (const index of indices) {
    const url = `${index.replace(/\/+$/, '')}/${name}/`
    const what = `the files of ${name} at ${redactUrl(index)}`
    const answer = await openDownload(http, url, {
      what,
      limit: largest,
      headers: { accept: pageTypes },
      answers: [404],
    })
    const bytes = await collect(answer.bytes(), { limit: largest, what })
    if (answer.status === 404) continue
    const type = answer.headers.get('content-type') ?? ''
    return readIndexPage(Buffer.from(bytes).toString('utf8'), { url, type })
  }
  throw new TemperError('not-found', `No index has the package ${name}: ${indices.map(redactUrl).join(', ')}`)
}
