import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttp } from '../../base/http/http.ts'
import { type Downloaded, downloadFeed, type FeedDownload } from './download.ts'

const url = 'https://feeds.example/all.zip'
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-download-'))
})
afterEach(() => rm(folder, { recursive: true }))

interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Ends the connection after so many bytes, and the run with it. */
  readonly breaksAfter?: number
}

/** Fetches with a server that answers so, one request after the other; what it was asked for. */
async function fetched(
  answers: readonly Answer[],
  more: Partial<FeedDownload> = {},
): Promise<{
  readonly result: Downloaded | Error
  readonly asked: readonly Readonly<Record<string, string>>[]
  readonly bytes: number
}> {
  const stop = new AbortController()
  const asked: Record<string, string>[] = []
  let bytes = 0
  const fetch = async (_url: string | URL | Request, init?: RequestInit) => {
    const answer = answers[asked.length]
    asked.push(Object.fromEntries(new Headers(init?.headers).entries()))
    if (answer === undefined) throw new Error('nobody was to ask again')
    const { status = 200, headers = {}, body = '', breaksAfter } = answer
    const sent = Buffer.from(body).subarray(0, breaksAfter)
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        if (sent.length > 0) controller.enqueue(sent)
        if (breaksAfter === undefined) controller.close()
      },
      pull() {
        // What came has to be written before.
        if (breaksAfter !== undefined) setTimeout(() => stop.abort(new Error('stopped')), 20)
      },
    })
    return new Response([204, 304].includes(status) ? null : stream, { status, headers })
  }
  const http = createHttp({ fetch, signal: stop.signal })
  const request = {
    id: 'osv',
    url,
    folder,
    now: 0,
    signal: stop.signal,
    onBytes: (count: number) => {
      bytes += count
    },
    ...more,
  }
  const result = await downloadFeed(http, request).catch((error: unknown) => error as Error)
  return { result, asked, bytes }
}

async function textOf(result: Downloaded | Error): Promise<string> {
  if (result instanceof Error) throw result
  return result.kind === 'file' ? await readFile(result.path, 'utf8') : result.kind
}

const etag = { etag: '"one"' }
const whole = 'all that there is of the feed'

describe('a feed', () => {
  it('is fetched whole, with what the server says of it', async () => {
    const { result, asked, bytes } = await fetched([
      { body: whole, headers: { ...etag, 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' } },
    ])
    expect(await textOf(result)).toBe(whole)
    expect(result).toMatchObject({
      validators: { etag: '"one"', lastModified: 'Thu, 01 Jan 2026 00:00:00 GMT' },
    })
    expect(bytes).toBe(whole.length)
    expect(asked[0]).not.toHaveProperty('if-none-match')
    expect(asked[0]).not.toHaveProperty('range')
    expect(await readdir(folder)).toHaveLength(1)
  })

  it('is asked for by what is known of it', async () => {
    const known = { etag: '"one"', lastModified: 'Thu, 01 Jan 2026 00:00:00 GMT' }
    const { result, asked } = await fetched([{ status: 304 }], { known })
    expect(result).toEqual({ kind: 'unchanged' })
    expect(asked[0]).toMatchObject({ 'if-none-match': '"one"', 'if-modified-since': known.lastModified })
    expect(await readdir(folder)).toEqual([])
  })

  it('may be absent only where that is an answer', async () => {
    expect((await fetched([{ status: 404 }], { optional: true })).result).toEqual({ kind: 'absent' })
    expect((await fetched([{ status: 404 }])).result).toMatchObject({ code: expect.any(String) })
  })

  it('is continued where an earlier run was stopped', async () => {
    const first = await fetched([{ body: whole, headers: etag, breaksAfter: 8 }])
    expect(first.result).toBeInstanceOf(Error)
    const headers = { ...etag, 'content-range': `bytes 8-${whole.length - 1}/${whole.length}` }
    const second = await fetched([{ status: 206, body: whole.slice(8), headers }])
    expect(second.asked[0]).toMatchObject({ range: 'bytes=8-', 'if-range': '"one"' })
    expect(await textOf(second.result)).toBe(whole)
    expect(second.bytes).toBe(whole.length - 8)
    expect(second.result).toMatchObject({ validators: etag })
  })

  it('begins anew when the server has another file, or gives no parts', async () => {
    await fetched([{ body: whole, headers: etag, breaksAfter: 8 }])
    const { result, asked } = await fetched([{ body: 'another file', headers: { etag: '"two"' } }])
    expect(asked[0]).toMatchObject({ range: 'bytes=8-' })
    expect(await textOf(result)).toBe('another file')
    expect(result).toMatchObject({ validators: { etag: '"two"' } })
    expect(await readdir(folder)).toHaveLength(1)
  })

  it.each([[{ etag: 'W/"weak"' }], [{}], [{ etag: 'unquoted' }]])(
    'is not continued when the server calls it %j',
    async (headers) => {
      await fetched([{ body: whole, headers, breaksAfter: 8 }])
      const { result, asked } = await fetched([{ body: whole, headers }])
      expect(asked[0]).not.toHaveProperty('range')
      expect(await textOf(result)).toBe(whole)
    },
  )

  it('leaves nothing of a part when it is unchanged or absent meanwhile', async () => {
    await fetched([{ body: whole, headers: etag, breaksAfter: 8 }])
    expect((await fetched([{ status: 304 }], { known: etag })).result).toEqual({ kind: 'unchanged' })
    expect(await readdir(folder)).toEqual([])
    await fetched([{ body: whole, headers: etag, breaksAfter: 8 }])
    expect((await fetched([{ status: 404 }], { optional: true })).result).toEqual({ kind: 'absent' })
    expect(await readdir(folder)).toEqual([])
  })
})
