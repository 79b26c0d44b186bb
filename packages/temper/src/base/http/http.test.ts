import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { bytesOf, collect } from '../bytes.ts'
import { TemperError } from '../error.ts'
import { download } from './download.ts'
import { createHttp, type Http } from './http.ts'
import { createNodeFetch } from './node-fetch.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(handler: Handler): Promise<string> {
  let count = 0
  const server = createServer((request, response) => handler(request, response, count++))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const fetches = { fetch: globalThis.fetch, 'node:http': createNodeFetch() }
let fetch: typeof globalThis.fetch

function client(): Http {
  return createHttp({ fetch, stallTimeout: 200, firstDelay: 1, userAgent: 'temper-test' })
}

async function failure(promise: Promise<unknown>): Promise<TemperError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(TemperError)
  return error as TemperError
}

describe.each(Object.entries(fetches))('over %s', (_name, one) => {
  beforeAll(() => {
    fetch = one
  })

  test('gives any status as an answer unless told what is wanted', async () => {
    const base = await serve((_, response) => response.writeHead(404).end('gone'))
    const answer = await client().request(`${base}/x`)
    expect(answer.status).toBe(404)
    expect(await answer.text(100)).toBe('gone')
    const error = await failure(client().request(`${base}/x`, { expect: [200], what: 'the thing' }))
    expect(error.code).toBe('network')
    expect(error.message).toBe(`Cannot fetch the thing: GET ${base}/x: status 404 (it is not there)`)
    expect(error.details['status']).toBe(404)
  })

  test('sends method, headers and bodies, streamed ones with their length', async () => {
    const seen: string[] = []
    const base = await serve(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { 'content-length': length, 'transfer-encoding': coding, 'user-agent': agent } = request.headers
      seen.push(`${request.method} ${length} ${coding} ${agent} ${Buffer.concat(chunks)}`)
      response.end()
    })
    const bodies = [
      'text',
      new TextEncoder().encode('bytes'),
      () => bytesOf(new TextEncoder().encode('stream')),
    ]
    for (const body of bodies) {
      const length = typeof body === 'function' ? { 'content-length': '6' } : {}
      const answer = await client().request(base, { method: 'PUT', body, headers: { ...length } })
      await answer.close()
    }
    expect(seen).toEqual([
      'PUT 4 undefined temper-test text',
      'PUT 5 undefined temper-test bytes',
      'PUT 6 undefined temper-test stream',
    ])
  })

  test('repeats what may be repeated, and nothing else', async () => {
    const methods: string[] = []
    const base = await serve((request, response, count) => {
      methods.push(request.method ?? '')
      response.writeHead(count < 2 ? 503 : 200).end('fine')
    })
    const answer = await client().request(base)
    expect(await answer.text(10)).toBe('fine')
    expect(methods).toEqual(['GET', 'GET', 'GET'])
    const failing = await serve((_, response) => response.writeHead(503).end())
    const post = await client().request(failing, { method: 'POST', body: 'x' })
    expect(post.status).toBe(503)
    await post.close()
  })

  test('a request body is sent whole again after a failure', async () => {
    const bodies: string[] = []
    const base = await serve(async (request, response, count) => {
      let text = ''
      for await (const chunk of request) text += chunk
      bodies.push(text)
      if (count === 0) request.socket.destroy()
      else response.end()
    })
    const body = () => bytesOf(new TextEncoder().encode('again'))
    await (await client().request(base, { method: 'PUT', body })).close()
    expect(bodies).toEqual(['again', 'again'])
  })

  test('credentials stay with their origin on redirects', async () => {
    const seen: Record<string, string | undefined> = {}
    const other = await serve((request, response) => {
      seen['other'] = request.headers.authorization
      response.end('there')
    })
    const base = await serve((request, response) => {
      seen[request.url ?? ''] = request.headers.authorization
      const location = request.url === '/a' ? '/b' : `${other}/c`
      response.writeHead(307, { location }).end()
    })
    const answer = await client().request(`${base}/a`, { headers: { Authorization: 'Basic c2VjcmV0' } })
    expect(await answer.text(10)).toBe('there')
    expect(seen).toEqual({ '/a': 'Basic c2VjcmV0', '/b': 'Basic c2VjcmV0', other: undefined })
  })

  test('stops at redirect loops and refuses foreign schemes', async () => {
    const loop = await serve((_, response) => response.writeHead(302, { location: '/again' }).end())
    expect((await failure(client().request(loop))).message).toContain('more than 6 redirects')
    const answer = await client().request(loop, { maxRedirects: 0 })
    expect(answer.status).toBe(302)
    await answer.close()
    const file = await serve((_, response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    )
    expect((await failure(client().request(file))).message).toContain('neither http nor https')
    const withUser = await serve((_, r) =>
      r.writeHead(302, { location: 'http://u:geheim@mirror.example/' }).end(),
    )
    const error = await failure(client().request(withUser))
    expect(error.message).toContain('a user or password')
    expect(JSON.stringify([error.message, error.details])).not.toContain('geheim')
  })

  test('a POST that is answered with 303 goes on as GET without its body', async () => {
    const base = await serve((request, response) => {
      if (request.url === '/next') response.end(`${request.method}`)
      else response.writeHead(303, { location: '/next' }).end()
    })
    const answer = await client().request(base, { method: 'POST', body: 'x' })
    expect(await answer.text(10)).toBe('GET')
  })

  test('addresses with credentials are refused without showing them', async () => {
    const error = await failure(client().request('http://user:geheim@mirror.example/x?token=geheim'))
    expect(error.message).not.toContain('geheim')
    expect(error.message).toContain('http://***@mirror.example/x?token=***')
  })

  test('a server that stalls before or within its answer is left', async () => {
    const silent = await serve(() => {})
    const error = await failure(client().request(silent, { retries: 0 }))
    expect(error.message).toContain('the server stopped sending')
    const half = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half')
    })
    const answer = await client().request(half)
    expect((await failure(answer.bytes(1000))).message).toContain('the server stopped sending')
  })

  test('a document that drips is left after ten stall timeouts, and anything else is not', async () => {
    const dripping = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '400000' })
      const timer = setInterval(() => response.write('x'.repeat(2000)), 10)
      response.on('close', () => clearInterval(timer))
    })
    const http = createHttp({ fetch, stallTimeout: 40, retries: 0 })
    const document = await http.request(dripping, { isDocument: true })
    const { message } = await failure(document.bytes(2_000_000))
    expect(message).toContain('the server sends too slowly')
    const download = await http.request(dripping)
    expect((await download.bytes(2_000_000)).length).toBe(400_000)
  })

  test('a slow upload is no stall', async () => {
    const base = await serve((request, response) => request.resume().on('end', () => response.end('thanks')))
    const body = async function* () {
      for (let i = 0; i < 25; i++) {
        await new Promise((done) => setTimeout(done, 20))
        yield new Uint8Array(2048)
      }
    }
    const answer = await client().request(base, {
      method: 'PUT',
      body,
      headers: { 'content-length': '51200' },
    })
    expect(await answer.text(100)).toBe('thanks')
  })

  test('a server that drips is left', async () => {
    const timers: NodeJS.Timeout[] = []
    const drip = await serve((_, response) => {
      response.writeHead(200)
      timers.push(setInterval(() => response.write('.'), 20))
    })
    const answer = await client().request(drip)
    const error = await failure(answer.bytes(1000))
    for (const timer of timers) clearInterval(timer)
    expect(error.message).toContain('the server stopped sending')
  })

  test('bodies have a limit', async () => {
    const base = await serve((_, response) => response.end('x'.repeat(1000)))
    const answer = await client().request(base)
    expect((await failure(answer.bytes(999))).code).toBe('limit-exceeded')
  })

  test('the caller can stop a request and its waits', async () => {
    const silent = await serve(() => {})
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 20)
    expect((await failure(client().request(silent, { signal: controller.signal }))).code).toBe('interrupted')
    expect((await failure(client().request(silent, { signal: controller.signal }))).code).toBe('interrupted')
  })

  test('says in words what is wrong below HTTP', async () => {
    const base = await serve((_, response) => response.end())
    servers.at(-1)?.close()
    const error = await failure(client().request(base, { retries: 0 }))
    expect(error.message).toContain('the connection was refused (ECONNREFUSED)')
  })

  const content = Buffer.from(Array.from({ length: 50_000 }, (_, i) => i % 251))

  function rangeOf(request: IncomingMessage): number {
    return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  }

  function brokenDownloads(etag: string | undefined): Promise<string> {
    return serve((request, response, count) => {
      const start = rangeOf(request)
      const end = Math.min(content.length, start + 20_000)
      const headers = { 'content-length': content.length - start, ...(etag ? { etag } : {}) }
      const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }
      response.writeHead(start > 0 ? 206 : 200, start > 0 ? { ...headers, ...range } : headers)
      response.write(content.subarray(start, end), () => {
        if (end < content.length) setTimeout(() => request.socket.destroy(), 10 + count)
        else response.end()
      })
    })
  }

  const wanted = { what: 'a file', limit: 100_000 }

  test('a broken download is continued with ranges when it is safe', async () => {
    for (const [etag, resume] of [['"v1"', 'validator'] as const, [undefined, 'digest'] as const]) {
      const base = await brokenDownloads(etag)
      const bytes = await collect(download(client(), base, { ...wanted, resume }), { limit: 1e6, what: 'x' })
      expect(content.equals(bytes)).toBe(true)
    }
    const weak = await brokenDownloads('W/"v1"')
    const error = await failure(collect(download(client(), weak, wanted), { limit: 1e6, what: 'x' }))
    expect(error.code).toBe('network')
  })

  test('a download that goes on from an offset skips what a server without ranges repeats', async () => {
    const base = await serve((_, response) => response.end(content))
    const rest = download(client(), base, { ...wanted, offset: 40_000, resume: 'digest' })
    expect(content.subarray(40_000).equals(await collect(rest, { limit: 1e6, what: 'x' }))).toBe(true)
  })

  test('a download refuses another range than asked for, and more than its limit', async () => {
    const lying = await serve((_, response) =>
      response.writeHead(206, { 'content-range': 'bytes 0-9/10' }).end('0123456789'),
    )
    const wrong = download(client(), lying, { ...wanted, offset: 5, resume: 'digest' })
    expect((await failure(collect(wrong, { limit: 100, what: 'x' }))).message).toContain(
      'got a different part',
    )
    const large = await serve((_, response) => response.end(content))
    const limited = download(client(), large, { what: 'a file', limit: 1000 })
    expect((await failure(collect(limited, { limit: 1e6, what: 'x' }))).code).toBe('limit-exceeded')
  })

  test('a download that never gets on ends', async () => {
    let requests = 0
    const base = await serve((request, response) => {
      requests++
      response.writeHead(200, { 'content-length': '100' })
      response.write('x', () => setTimeout(() => request.socket.destroy(), 5))
    })
    const endless = download(client(), base, { ...wanted, resume: 'digest' })
    expect((await failure(collect(endless, { limit: 1e6, what: 'x' }))).code).toBe('network')
    expect(requests).toBe(4)
  })
})

describe('connections', () => {
  test('are used again after answers that were read, and after answers without a body', async () => {
    const url = await serve((request, response) => {
      request.resume()
      const text = request.method === 'PUT' ? '' : 'text'
      response.writeHead(200, { 'content-length': text.length }).end(text)
    })
    let connections = 0
    servers.at(-1)?.on('connection', () => connections++)
    const http = createHttp({ fetch: createNodeFetch() })
    for (const method of ['HEAD', 'HEAD', 'PUT', 'PUT', 'HEAD'])
      await (await http.request(url, { method })).close()
    for (let i = 0; i < 3; i++) expect(await (await http.request(url)).text(100)).toBe('text')
    expect(connections).toBe(1)
  })

  test('are used again after a short answer that nobody read, and not waited for when it stalls', async () => {
    const url = await serve((request, response) => {
      response.writeHead(404, { 'content-length': 9 })
      if (request.url === '/whole') response.end('not there')
      else response.write('not')
    })
    let connections = 0
    servers.at(-1)?.on('connection', () => connections++)
    const http = createHttp({ fetch: createNodeFetch() })
    for (let i = 0; i < 3; i++) await (await http.request(`${url}/whole`)).close()
    expect(connections).toBe(1)
    const started = performance.now()
    await (await http.request(`${url}/part`)).close()
    expect(performance.now() - started).toBeLessThan(5000)
    await (await http.request(`${url}/whole`)).close()
    expect(connections).toBe(2)
  })
})
