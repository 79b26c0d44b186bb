import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { collect } from '../bytes.ts'
import { type DownloadRequest, openDownload } from './download.ts'
import { createHttp } from './http.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server of one file with an ETag, as RFC 9110 wants it; the requests that it got. */
async function serve(content: Buffer, etag: string) {
  const requests: IncomingMessage['headers'][] = []
  const server = createServer((request, response) => {
    requests.push(request.headers)
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end()
    else if (start === 0 || !isSame) response.writeHead(200, { etag }).end(content)
    else if (start >= content.length)
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
    else
      response
        .writeHead(206, { etag, 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` })
        .end(content.subarray(start))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`
  return { url, requests }
}

const content = Buffer.from('0123456789')
const http = createHttp({ fetch: globalThis.fetch, retries: 0 })

/** Status, start and text of what comes. */
async function opened(url: string, request: Partial<DownloadRequest> = {}) {
  const download = await openDownload(http, url, { what: 'a file', limit: 100, ...request })
  const bytes = await collect(download.bytes(), { limit: 100, what: 'a file' })
  return [download.status, download.start, Buffer.from(bytes).toString()] as const
}

describe('a download that is opened', () => {
  it('says where the bytes begin, and what the server says of the file', async () => {
    const { url } = await serve(content, '"v1"')
    expect(await opened(url)).toEqual([200, 0, '0123456789'])
    expect(await opened(url, { offset: 4, etag: '"v1"' })).toEqual([206, 4, '456789'])
    const { headers, bytes } = await openDownload(http, url, { what: 'a file', limit: 100 })
    expect(headers.get('etag')).toBe('"v1"')
    await collect(bytes(), { limit: 100, what: 'a file' })
  })

  it('begins anew when the server has another file, longer or shorter', async () => {
    const { url, requests } = await serve(content, '"v2"')
    expect(await opened(url, { offset: 4, etag: '"v1"' })).toEqual([200, 0, '0123456789'])
    expect(requests).toHaveLength(1)
    expect(await opened(url, { offset: 40, etag: '"v2"' })).toEqual([200, 0, '0123456789'])
    expect(requests.map(({ range }) => range)).toEqual(['bytes=4-', 'bytes=40-', undefined])
  })

  it('is an answer without bytes when nothing changed, and asks so from the start alone', async () => {
    const { url, requests } = await serve(content, '"v1"')
    const conditions = { 'if-none-match': '"v1"' }
    expect(await opened(url, { conditions, answers: [304] })).toEqual([304, 0, ''])
    expect(await opened(url, { conditions, answers: [304], offset: 4, etag: '"v1"' })).toEqual([
      206,
      4,
      '456789',
    ])
    expect(requests.map((headers) => headers['if-none-match'])).toEqual(['"v1"', undefined])
    await expect(openDownload(http, url, { what: 'a file', limit: 100, conditions })).rejects.toMatchObject({
      code: 'network',
      details: { status: 304 },
    })
  })

  it('is an error when it goes on without knowing that the file is the same', async () => {
    const server = createServer((_, response) => response.end(content))
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`
    await expect(opened(url, { offset: 4 })).rejects.toMatchObject({
      code: 'network',
      message: expect.stringContaining('the file changed in the meantime'),
    })
  })
})
